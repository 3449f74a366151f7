/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API at rest, in the roles of ours-idle.ts: the same sockets and the same peers.
 *
 *   idle_accept <bind-to> 0 <count>                ROUTER
 *   idle_connect <connect-to> 0 <count> <warm-up>  PULL
 *   idle_cpu <bind-to> 0 <milliseconds> 1 "" <heartbeat-interval>
 */
#include "gauge.h"

static void *created(void *context, int type) {
  void *socket = zmq_socket(context, type);
  int none = 0;
  if (!socket) fail("zmq_socket");
  if (zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none) != 0) fail("zmq_setsockopt");
  return socket;
}

static void bound_at(void *socket, const char *endpoint, char *actual, size_t length) {
  if (zmq_bind(socket, endpoint) != 0) fail("zmq_bind");
  if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, actual, &length) != 0) fail("zmq_getsockopt");
}

static void idle_accept(void *context, const char *endpoint) {
  void *router = created(context, ZMQ_ROUTER);
  int backlog = 8192;
  char actual[256];
  zmq_setsockopt(router, ZMQ_BACKLOG, &backlog, sizeof backlog);
  bound_at(router, endpoint, actual, sizeof actual);
  printf("{\"ready\":\"%s\"}\n", actual);
  fflush(stdout);
  while (asked()) weigh(router);
  zmq_close(router);
}

static void idle_connect(void *context, const char *endpoint, int count, int warm_up) {
  void *pull = created(context, ZMQ_PULL);
  for (int i = 0; i < warm_up; i++)
    if (zmq_connect(pull, endpoint) != 0) fail("zmq_connect");
  for (int time = 0; asked(); time++) {
    weigh(pull);
    for (int i = 0; time == 0 && i < count; i++)
      if (zmq_connect(pull, endpoint) != 0) fail("zmq_connect");
  }
  zmq_close(pull);
}

/* As `layout` in gauge.ts. */
static const struct {
  int bound, connected, peers;
} layout[] = {{ZMQ_PAIR, ZMQ_PAIR, 1},      {ZMQ_PUB, ZMQ_SUB, 17},         {ZMQ_XPUB, ZMQ_XSUB, 16},    {ZMQ_PULL, ZMQ_PUSH, 16},
              {ZMQ_REP, ZMQ_REQ, 17},       {ZMQ_ROUTER, ZMQ_DEALER, 17},   {ZMQ_STREAM, ZMQ_STREAM, 16}};

static void idle_cpu(void *context, const char *endpoint, int milliseconds, int heartbeat) {
  void *sockets[200];
  int made = 0;
  for (size_t pair = 0; pair < sizeof layout / sizeof *layout; pair++) {
    char actual[256];
    void *server = sockets[made++] = created(context, layout[pair].bound);
    zmq_setsockopt(server, ZMQ_HEARTBEAT_IVL, &heartbeat, sizeof heartbeat);
    bound_at(server, endpoint, actual, sizeof actual);
    for (int i = 0; i < layout[pair].peers; i++) {
      void *client = sockets[made++] = created(context, layout[pair].connected);
      zmq_setsockopt(client, ZMQ_HEARTBEAT_IVL, &heartbeat, sizeof heartbeat);
      if (layout[pair].connected == ZMQ_SUB) zmq_setsockopt(client, ZMQ_SUBSCRIBE, "topic", 5);
      if (zmq_connect(client, actual) != 0) fail("zmq_connect");
    }
  }
  while (connections() < 200) usleep(5000);
  for (int i = 0; i < made; i++) settle(sockets[i]);
  usleep(300000);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  usleep((useconds_t)milliseconds * 1000);
  cpu = cpu_seconds() - cpu;
  printf("{\"seconds\":%.9f,\"cpuSeconds\":%.6f}\n", (now_ns() - start) / 1e9, cpu);
  for (int i = 0; i < made; i++) zmq_close(sockets[i]);
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "usage: %s <role> <endpoint> 0 <count> <warm-up> [variant] [heartbeat-interval]\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2];
  int count = atoi(argv[4]), warm_up = atoi(argv[5]);
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (strcmp(role, "idle_accept") == 0) idle_accept(context, endpoint);
  else if (strcmp(role, "idle_connect") == 0) idle_connect(context, endpoint, count, warm_up);
  else if (strcmp(role, "idle_cpu") == 0) idle_cpu(context, endpoint, count, argc > 7 ? atoi(argv[7]) : 0);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
