/* server_listen.c: where the server listens, and whose X-Forwarded-For it believes. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server_private.h"
#include "lumbung/base/text.h"

#define BACKLOG 1024

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static bool
parse_address(const char *text, int port, union address *ret_address, socklen_t *ret_length)
{
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, text, &ret_address->four.sin_addr) == 1) {
        ret_address->four.sin_family = AF_INET;
        ret_address->four.sin_port = htons((uint16_t)port);
        *ret_length = sizeof ret_address->four;
        return true;
    }
    if (inet_pton(AF_INET6, text, &ret_address->six.sin6_addr) != 1)
        return false;
    ret_address->six.sin6_family = AF_INET6;
    ret_address->six.sin6_port = htons((uint16_t)port);
    *ret_length = sizeof ret_address->six;
    return true;
}

static bool
is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET)
        return ntohl(address->four.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&address->six.sin6_addr);
}

static struct error *
bind_socket(struct server *server, const union address *address, socklen_t length)
{
    int one = 1;
    int family = address->any.sa_family;
    server->listen_socket = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listen_socket < 0)
        return error_internal("socket: %s", strerror(errno));
    setsockopt(server->listen_socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (family == AF_INET6)
        setsockopt(server->listen_socket, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (bind(server->listen_socket, &address->any, length) != 0 || listen(server->listen_socket, BACKLOG) != 0) {
        const char *why = errno == EADDRINUSE ? "the port is in use; choose another with --listen" : strerror(errno);
        return error_with(ERROR_USAGE, arena_format(server->arena, "--listen %s:%d: %s", server->config.address, server->config.port, why), NULL, NULL);
    }
    union address bound;
    socklen_t bound_length = sizeof bound;
    if (getsockname(server->listen_socket, &bound.any, &bound_length) != 0)
        return error_internal("getsockname: %s", strerror(errno));
    server->port = ntohs(family == AF_INET6 ? bound.six.sin6_port : bound.four.sin_port);
    return NULL;
}

struct error *
server_listen(struct server *server)
{
    const struct server_config *config = &server->config;
    union address address;
    socklen_t length;
    if (!parse_address(config->address ? config->address : "127.0.0.1", config->port, &address, &length))
        return error_with(ERROR_USAGE, "--listen takes a numeric address, for example 127.0.0.1:8080", NULL, NULL);
    if (!is_loopback(&address) && config->tls_certificate == NULL && config->behind_proxy == NULL)
        return error_with(ERROR_USAGE, "an address that others can reach needs --tls-cert and --tls-key, or --behind-proxy", NULL, NULL);
    return bind_socket(server, &address, length);
}

struct error *
cidr_parse(const char *text, struct cidr *ret_cidr)
{
    memset(ret_cidr, 0, sizeof *ret_cidr);
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    char address[REMOTE_TEXT_SIZE];
    int64_t bits = -1;
    bool sound = length < sizeof address && (slash == NULL || text_parse_int(slash + 1, &bits));
    if (sound) {
        memcpy(address, text, length);
        address[length] = '\0';
        ret_cidr->family = strchr(address, ':') ? AF_INET6 : AF_INET;
        int64_t most = ret_cidr->family == AF_INET6 ? 128 : 32;
        bits = slash ? bits : most;
        sound = inet_pton(ret_cidr->family, address, ret_cidr->bytes) == 1 && bits >= 0 && bits <= most;
        ret_cidr->bits = (int)bits;
        ret_cidr->given = sound;
    }
    return sound ? NULL : error_with(ERROR_USAGE, "--behind-proxy takes an address range, for example 10.0.0.0/8", NULL, NULL);
}

bool
cidr_holds(const struct cidr *cidr, const char *address)
{
    uint8_t bytes[16] = {0};
    if (!cidr->given || inet_pton(cidr->family, address, bytes) != 1)
        return false;
    int whole = cidr->bits / 8, rest = cidr->bits % 8;
    if (memcmp(bytes, cidr->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (bytes[whole] ^ cidr->bytes[whole]) >> (8 - rest) == 0;
}
