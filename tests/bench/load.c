/* load.c: a load generator: N keep-alive connections on one thread, each sending the same request again as soon as it is answered. Prints JSON. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 2048
#define ANSWER_MAX 65536
#define SAMPLES_MAX 2000000

struct connection {
    int fd;
    size_t sent, got;
    int64_t started_us;
    char request[16384];
    size_t request_length;
    char answer[ANSWER_MAX];
};

static struct connection *connections;
static uint32_t *samples;
static size_t sample_count, refused;
static const char *head, *body;
static unsigned long serial;

static int64_t
now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Where the body says %NAMES% stand seven letters of this request's own, so that no two families are each other's duplicates. */
static void
make_names(char *text, unsigned long number)
{
    for (char *mark = strstr(text, "%NAMES%"); mark; mark = strstr(mark, "%NAMES%"))
        for (unsigned long i = 0, rest = number; i < 7; i++, rest /= 26)
            mark[i] = (char)('a' + (char)(rest % 26));
}

/* Each request gets a key of its own where the head says %KEY%. */
static void
make_request(struct connection *connection)
{
    char key[64];
    snprintf(key, sizeof key, "%08lx-1111-7111-8111-%012lx", serial & 0xffffffff, serial + (unsigned long)getpid() * 1000003UL);
    unsigned long number = serial++ + (unsigned long)getpid() * 1000003UL;
    const char *mark = strstr(head, "%KEY%");
    int length = mark ? snprintf(connection->request, sizeof connection->request, "%.*s%s%s%s", (int)(mark - head), head, key, mark + 5, body)
                      : snprintf(connection->request, sizeof connection->request, "%s%s", head, body);
    make_names(connection->request, number);
    connection->request_length = (size_t)length;
    connection->sent = connection->got = 0;
    connection->started_us = now_us();
}

static bool
push(struct connection *connection)
{
    while (connection->sent < connection->request_length) {
        ssize_t wrote = send(connection->fd, connection->request + connection->sent, connection->request_length - connection->sent, MSG_NOSIGNAL);
        if (wrote < 0)
            return errno == EAGAIN;
        connection->sent += (size_t)wrote;
    }
    return true;
}

/* A whole answer is there: its head and as many bytes as Content-Length says. */
static bool
is_whole(const struct connection *connection)
{
    const char *end = memmem(connection->answer, connection->got, "\r\n\r\n", 4);
    if (end == NULL)
        return false;
    const char *length = memmem(connection->answer, (size_t)(end - connection->answer), "Content-Length: ", 16);
    return connection->got >= (size_t)(end - connection->answer) + 4 + (length ? strtoul(length + 16, NULL, 10) : 0);
}

static bool
pull(struct connection *connection)
{
    for (;;) {
        ssize_t got = recv(connection->fd, connection->answer + connection->got, ANSWER_MAX - connection->got, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return false;
        if (got < 0)
            return true;
        connection->got += (size_t)got;
        if (!is_whole(connection))
            continue;
        if (sample_count < SAMPLES_MAX)
            samples[sample_count++] = (uint32_t)(now_us() - connection->started_us);
        refused += connection->answer[9] != '2';
        make_request(connection);
        if (!push(connection))
            return false;
    }
}

static int
open_connection(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

static int
compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 65536);
    if (file == NULL || text == NULL)
        exit(2);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
    return text;
}

/* load PORT CONNECTIONS IDLE MILLISECONDS HEAD_FILE BODY_FILE */
int
main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    int port = atoi(argv[1]), count = atoi(argv[2]), idle = atoi(argv[3]);
    int64_t length_us = atoi(argv[4]) * INT64_C(1000);
    head = read_file(argv[5]);
    body = read_file(argv[6]);
    connections = calloc((size_t)count, sizeof *connections);
    samples = malloc(SAMPLES_MAX * sizeof *samples);
    if (count > CONNECTIONS_MAX || connections == NULL || samples == NULL)
        return 2;
    for (int i = 0; i < idle; i++)
        if (open_connection(port) < 0)
            return 3;
    int epoll = epoll_create1(0);
    for (int i = 0; i < count; i++) {
        connections[i].fd = open_connection(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (connections[i].fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event) != 0)
            return 3;
    }
    int64_t start = now_us();
    for (int i = 0; i < count; i++) {
        make_request(&connections[i]);
        push(&connections[i]);
    }
    while (now_us() - start < length_us) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 100);
        for (int i = 0; i < ready; i++)
            if (!pull(events[i].data.ptr))
                return 4;
    }
    double seconds = (double)(now_us() - start) / 1e6;
    qsort(samples, sample_count, sizeof *samples, compare);
    printf("{\"rate\":%.1f,\"count\":%zu,\"refused\":%zu,\"p50_us\":%u,\"p99_us\":%u}\n", (double)sample_count / seconds, sample_count, refused,
           sample_count ? samples[sample_count / 2] : 0, sample_count ? samples[sample_count * 99 / 100] : 0);
    return 0;
}
