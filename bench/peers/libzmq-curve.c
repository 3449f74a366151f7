/* SPDX-License-Identifier: MIT
 *
 * libzmq's own API in the roles of the "curve" suite, as ours-curve.ts has them. Neighbours: libzmq.h, curve-keys.ts.
 *
 *   local_thr  <bind-to> <message-size> <message-count> [warm-up]     PULL, measures
 *   remote_thr <connect-to> <message-size> <message-count> [warm-up]  PUSH
 *   local_hs   <bind-to> 1 1                                          REP, answers until it is asked nothing
 *   remote_hs  <connect-to> 1 <handshakes> [warm-up] "" <clients>     REQ, measures
 */
#include "libzmq.h"

#define MOST_CLIENTS 1000

static const char *SERVER_PUBLIC = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char *SERVER_SECRET = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
static const char *CLIENT_PUBLIC = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
static const char *CLIENT_SECRET = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

static void set_key(void *socket, int option, const char *key) {
  if (zmq_setsockopt(socket, option, key, 40) != 0) fail("zmq_setsockopt");
}

static void *open_server(void *context, int type, const char *endpoint) {
  int on = 1;
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) != 0) fail("zmq_setsockopt");
  set_key(socket, ZMQ_CURVE_SECRETKEY, SERVER_SECRET);
  if (zmq_bind(socket, endpoint) != 0) fail("zmq_bind");
  char bound[256];
  size_t length = sizeof bound;
  if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &length) != 0) fail("zmq_getsockopt");
  printf("{\"ready\":\"%s\"}\n", bound);
  fflush(stdout);
  return socket;
}

static void *open_client(void *context, int type, const char *endpoint) {
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  set_key(socket, ZMQ_CURVE_SERVERKEY, SERVER_PUBLIC);
  set_key(socket, ZMQ_CURVE_PUBLICKEY, CLIENT_PUBLIC);
  set_key(socket, ZMQ_CURVE_SECRETKEY, CLIENT_SECRET);
  if (zmq_connect(socket, endpoint) != 0) fail("zmq_connect");
  return socket;
}

static void local_thr(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *pull = open_server(context, ZMQ_PULL, endpoint);
  receive_many(pull, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  receive_many(pull, size, count);
  report_rate(count, start, cpu);
  zmq_close(pull);
}

static void remote_thr(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *push = open_client(context, ZMQ_PUSH, endpoint);
  send_many(push, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  send_many(push, size, count);
  wait_for_release();
  report_rate(count, start, cpu);
  zmq_close(push);
}

static void answer(void *context, const char *endpoint) {
  void *reply = open_server(context, ZMQ_REP, endpoint);
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (size_t size = 1; size > 0;) {
    if (zmq_msg_recv(&message, reply, 0) < 0) fail("zmq_msg_recv");
    size = zmq_msg_size(&message);
    if (zmq_msg_send(&message, reply, 0) < 0) fail("zmq_msg_send");
  }
  zmq_close(reply);
}

static void shake_hands(void *context, const char *endpoint, uint64_t count, uint64_t clients) {
  static void *open[MOST_CLIENTS];
  for (uint64_t done = 0; done < count; done += clients) {
    for (uint64_t i = 0; i < clients; i++) {
      open[i] = open_client(context, ZMQ_REQ, endpoint);
      send_one(open[i], 1);
    }
    for (uint64_t i = 0; i < clients; i++) {
      receive_many(open[i], 1, 1);
      zmq_close(open[i]);
    }
  }
}

static void remote_hs(void *context, const char *endpoint, uint64_t count, uint64_t warm_up, uint64_t clients) {
  if (clients < 1 || clients > MOST_CLIENTS) fail("clients");
  shake_hands(context, endpoint, warm_up, clients);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  shake_hands(context, endpoint, count, clients);
  report_rate((count + clients - 1) / clients * clients, start, cpu);
  void *last = open_client(context, ZMQ_REQ, endpoint);
  send_one(last, 0);
  receive_many(last, 0, 1);
  zmq_close(last);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: %s <role> <endpoint> <message-size> <count> [warm-up] [variant] [clients]\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2];
  size_t size = strtoull(argv[3], NULL, 10);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
  uint64_t clients = argc > 7 ? strtoull(argv[7], NULL, 10) : 1;
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (strcmp(role, "local_thr") == 0) local_thr(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "remote_thr") == 0) remote_thr(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "local_hs") == 0) answer(context, endpoint);
  else if (strcmp(role, "remote_hs") == 0) remote_hs(context, endpoint, count, warm_up, clients);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
