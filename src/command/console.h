/* console.h: what travels over FILE.sock. One request: JSON {"argv":[...],"cwd":DIR,"input":TEXT} and a line feed; the answer: lines
 * "O text" (stdout), "P done total what" (progress), "E line" (the error), and last "X code". */
#ifndef LUMBUNG_COMMAND_CONSOLE_H
#define LUMBUNG_COMMAND_CONSOLE_H

#include "command/command.h"

#define CONSOLE_REQUEST_MAX (1 << 20)

const char *console_socket_path(struct arena *arena, const char *path);
console_command console_command_find(const char *name);

/* Asks the serving process. False when nobody listens; otherwise *ret_code is the exit code. */
bool console_ask(struct arena *arena, const char *path, const char *name, int argc, char **argv, const char *input, int *ret_code);

/* All of a stream, NUL-terminated. */
char *console_read_all(struct arena *arena, int fd);

#endif
