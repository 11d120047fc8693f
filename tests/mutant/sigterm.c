/* sigterm.c: mutant of the figure of the orderly end: leaves at once instead of finishing what it has taken. With answers before COMMIT it
 * must lose some. */
#include "before_lane.h"

#include <unistd.h>

#include "lumbung/http/server.h"

const struct schema_cut schema_cuts[] = {{0}};

void __wrap_server_stop(struct server *server);

void
__wrap_server_stop(struct server *server)
{
    (void)server;
    _exit(0);
}
