/* SPDX-License-Identifier: MIT
 *
 * libzmq with OpenPGM in suite "epgm": what peers/ours-epgm.ts does, through the C API, with the same reports.
 *
 *   publish   <endpoint> <message-size> <message-count> <warm-up> <variant> <rate>   PUB, until standard input ends
 *   subscribe <endpoint> <message-size> <message-count> <warm-up> <variant> <rate>   SUB, measures
 */
#include "libzmq.h"
#include <errno.h>

#define SILENCE 2000
#define RECOVERY 1000

static volatile int is_released = 0;

static void *listen_to_input(void *nothing) {
  wait_for_release();
  is_released = 1;
  return nothing;
}

static void set(void *socket, int option, int value) {
  if (zmq_setsockopt(socket, option, &value, sizeof value) != 0) fail("zmq_setsockopt");
}

static void *open_multicast(void *context, int type, int rate) {
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  set(socket, ZMQ_RATE, rate);
  set(socket, ZMQ_RECOVERY_IVL, RECOVERY);
  set(socket, ZMQ_LINGER, 0);
  return socket;
}

static void publish(void *context, const char *endpoint, size_t size, int rate) {
  void *pub = open_multicast(context, ZMQ_PUB, rate);
  set(pub, ZMQ_XPUB_NODROP, 1);
  set(pub, ZMQ_SNDTIMEO, 100);
  if (zmq_bind(pub, endpoint) != 0) fail("zmq_bind");
  pthread_t thread;
  if (pthread_create(&thread, NULL, listen_to_input, NULL) != 0) fail("pthread_create");
  double cpu = cpu_seconds();
  uint64_t start = now_ns(), sent = 0;
  while (!is_released) {
    zmq_msg_t message;
    if (zmq_msg_init_size(&message, size) != 0) fail("zmq_msg_init_size");
    double number = (double)sent;
    memcpy(zmq_msg_data(&message), &number, sizeof number);
    while (zmq_msg_send(&message, pub, 0) < 0) {
      if (zmq_errno() != EAGAIN) fail("zmq_msg_send");
      if (is_released) break;
    }
    if (!is_released) sent++;
  }
  report_rate(sent, start, cpu);
  fflush(stdout);
  zmq_close(pub);
}

static void subscribe(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int rate) {
  void *sub = open_multicast(context, ZMQ_SUB, rate);
  if (zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0) != 0) fail("zmq_setsockopt");
  if (zmq_connect(sub, endpoint) != 0) fail("zmq_connect");
  printf("{\"ready\":\"%s\"}\n", endpoint);
  fflush(stdout);
  uint64_t received = 0, start = 0, end = 0;
  double first = 0, last = 0, cpu = 0;
  zmq_msg_t message;
  zmq_msg_init(&message);
  while (received < warm_up + count) {
    if (zmq_msg_recv(&message, sub, 0) < 0) {
      if (zmq_errno() == EAGAIN && received > warm_up) break;
      fail("zmq_msg_recv");
    }
    if (zmq_msg_size(&message) != size) {
      fprintf(stderr, "a message of %zu octets instead of %zu\n", zmq_msg_size(&message), size);
      exit(1);
    }
    memcpy(&last, zmq_msg_data(&message), sizeof last);
    end = now_ns();
    if (++received == warm_up) {
      set(sub, ZMQ_RCVTIMEO, SILENCE);
      first = last;
      start = end;
      cpu = cpu_seconds();
    }
  }
  double messages = (double)(received - warm_up), lost = 1 - messages / (last - first);
  printf("{\"messages\":%.0f,\"seconds\":%.9f,\"cpuSeconds\":%.6f,\"lost\":%.6f}\n", messages, (end - start) / 1e9,
         cpu_seconds() - cpu, lost > 0 ? lost : 0);
  fflush(stdout);
  zmq_close(sub);
}

int main(int argc, char **argv) {
  if (argc < 8) {
    fprintf(stderr, "usage: %s publish|subscribe <endpoint> <message-size> <count> <warm-up> <variant> <rate>\n", argv[0]);
    return 2;
  }
  size_t size = strtoull(argv[3], NULL, 10);
  if (size < sizeof(double)) size = sizeof(double);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = strtoull(argv[5], NULL, 10);
  int rate = atoi(argv[7]);
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (strcmp(argv[1], "publish") == 0) publish(context, argv[2], size, rate);
  else subscribe(context, argv[2], size, count, warm_up, rate);
  /* The context is left to the end of the process: OpenPGM waits for what nobody acknowledges. */
  return 0;
}
