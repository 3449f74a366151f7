/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API in the roles of the "multipart" suite: PUSH to PULL with messages of several parts, each a zmq_msg_t of
 * its own as the API has it. Neighbours: libzmq.h, ours-multipart.ts.
 *
 *   local_thr  <bind-to> <part-size> <message-count> <warm-up> <variant> <parts>     PULL, measures
 *   remote_thr <connect-to> <part-size> <message-count> <warm-up> <variant> <parts>  PUSH
 */
#include "libzmq.h"

static void receive_messages(void *socket, size_t size, uint64_t count, int parts) {
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (uint64_t i = 0; i < count; i++) {
    for (int part = 1; part <= parts; part++) {
      receive_one(socket, &message, size);
      if (zmq_msg_more(&message) != (part < parts)) {
        fprintf(stderr, "a message of other than %d parts\n", parts);
        exit(1);
      }
    }
  }
  zmq_msg_close(&message);
}

static void send_messages(void *socket, size_t size, uint64_t count, int parts) {
  for (uint64_t i = 0; i < count; i++) {
    for (int part = 1; part <= parts; part++) {
      zmq_msg_t message;
      if (zmq_msg_init_size(&message, size) != 0) fail("zmq_msg_init_size");
      if (zmq_msg_send(&message, socket, part < parts ? ZMQ_SNDMORE : 0) < 0) fail("zmq_msg_send");
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 8) {
    fprintf(stderr, "usage: %s <role> <endpoint> <part-size> <count> <warm-up> <variant> <parts>\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2];
  size_t size = strtoull(argv[3], NULL, 10);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = strtoull(argv[5], NULL, 10);
  int parts = atoi(argv[7]), receives = strcmp(role, "local_thr") == 0;
  if (!receives && strcmp(role, "remote_thr") != 0) {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  void *socket = receives ? open_bound(context, ZMQ_PULL, endpoint) : open_connected(context, ZMQ_PUSH, endpoint);
  if (receives) receive_messages(socket, size, warm_up, parts);
  else send_messages(socket, size, warm_up, parts);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  if (receives) receive_messages(socket, size, count, parts);
  else send_messages(socket, size, count, parts);
  if (!receives) wait_for_release();
  report_rate(count, start, cpu);
  fflush(stdout);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
