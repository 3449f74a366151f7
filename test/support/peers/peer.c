/* SPDX-License-Identifier: MIT */
/* The peer over libzmq in C: the commands of peer.ts, one a line on standard input; ends when the input does. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <unistd.h>
#include <zmq.h>

#include "corpus.h"

enum { MAX_SOCKETS = 4096, MAX_WORDS = 2048, MAX_PARTS = 4096 };
#define PROBE "?probe"

static void *context;
static void *sockets[MAX_SOCKETS];
static zmq_msg_t last_peer;

/* The words of the current command. */
static char *words[MAX_WORDS];
static int word_count;

/* The message received last. */
static zmq_msg_t parts[MAX_PARTS];
static int part_count;

static int fail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  printf("error ");
  vprintf(format, list);
  printf("\n");
  va_end(list);
  return -1;
}

static int fail_zmq(const char *what) { return fail("%s: %s", what, zmq_strerror(zmq_errno())); }

/* ---- parts and messages ---- */

static void part_from_word(zmq_msg_t *part, const char *word) {
  if (word[0] == '@') {
    zmq_msg_init(part);
    zmq_msg_copy(part, &last_peer);
    return;
  }
  size_t size = word[0] == '-' ? 0 : strlen(word) / 2;
  zmq_msg_init_size(part, size);
  uint8_t *octets = zmq_msg_data(part);
  for (size_t i = 0; i < size; i++) {
    unsigned value = 0;
    sscanf(word + 2 * i, "%2x", &value);
    octets[i] = (uint8_t)value;
  }
}

static int send_words(void *socket, int from, int more_after) {
  for (int i = from; i < word_count; i++) {
    zmq_msg_t part;
    part_from_word(&part, words[i]);
    if (zmq_msg_send(&part, socket, i + 1 < word_count || more_after ? ZMQ_SNDMORE : 0) < 0) {
      zmq_msg_close(&part);
      return -1;
    }
  }
  return 0;
}

static int send_generated(void *socket, const struct corpus *corpus, uint64_t number, int header) {
  const struct shape *shape = &corpus->shapes[number % corpus->shape_count];
  if (send_words(socket, header, shape->parts > 0) < 0) return -1;
  for (size_t i = 0; i < shape->parts; i++) {
    zmq_msg_t part;
    zmq_msg_init_size(&part, shape->sizes[i]);
    fill_part(zmq_msg_data(&part), corpus->seed, number, i, shape->sizes[i]);
    if (zmq_msg_send(&part, socket, i + 1 < shape->parts ? ZMQ_SNDMORE : 0) < 0) {
      zmq_msg_close(&part);
      return -1;
    }
  }
  return 0;
}

/* Receives one message into `parts`, probes and all. */
static int receive_any(void *socket) {
  while (part_count > 0) zmq_msg_close(&parts[--part_count]);
  do {
    zmq_msg_init(&parts[part_count]);
    if (zmq_msg_recv(&parts[part_count], socket, 0) < 0) return -1;
  } while (zmq_msg_more(&parts[part_count++]));
  return 0;
}

static int is_probe(void) {
  return part_count == 1 && zmq_msg_size(&parts[0]) == strlen(PROBE) &&
         memcmp(zmq_msg_data(&parts[0]), PROBE, strlen(PROBE)) == 0;
}

static int receive_message(void *socket) {
  do {
    if (receive_any(socket) < 0) return -1;
  } while (is_probe());
  zmq_msg_copy(&last_peer, &parts[0]);
  return 0;
}

static void summarize_parts(struct summary *summary, int skip) {
  summary_message(summary, (size_t)(part_count - skip));
  for (int i = skip; i < part_count; i++) summary_part(summary, zmq_msg_data(&parts[i]), zmq_msg_size(&parts[i]));
}

static struct corpus corpus_from_words(int from) {
  struct corpus corpus = {strtoull(words[from], NULL, 10), strtoull(words[from + 1], NULL, 10), 0, NULL};
  parse_shapes(&corpus, words[from + 2]);
  return corpus;
}

/* ---- sockets ---- */

static const struct {
  const char *name;
  int constant;
} types[] = {{"pair", ZMQ_PAIR}, {"pub", ZMQ_PUB},       {"sub", ZMQ_SUB},       {"req", ZMQ_REQ},
             {"rep", ZMQ_REP},   {"dealer", ZMQ_DEALER}, {"router", ZMQ_ROUTER}, {"pull", ZMQ_PULL},
             {"push", ZMQ_PUSH}, {"xpub", ZMQ_XPUB},     {"xsub", ZMQ_XSUB},     {"stream", ZMQ_STREAM}};

enum option_kind { NUMBER, LONG_NUMBER, TEXT };

static const struct {
  const char *name;
  int constant;
  enum option_kind kind;
} options[] = {{"routingId", ZMQ_ROUTING_ID, TEXT},
               {"sendHighWaterMark", ZMQ_SNDHWM, NUMBER},
               {"receiveHighWaterMark", ZMQ_RCVHWM, NUMBER},
               {"linger", ZMQ_LINGER, NUMBER},
               {"probeRouter", ZMQ_PROBE_ROUTER, NUMBER},
               {"mandatory", ZMQ_ROUTER_MANDATORY, NUMBER},
               {"immediate", ZMQ_IMMEDIATE, NUMBER},
               {"ipv6", ZMQ_IPV6, NUMBER},
               {"reconnectInterval", ZMQ_RECONNECT_IVL, NUMBER},
               {"socksProxy", ZMQ_SOCKS_PROXY, TEXT},
               {"maxMessageSize", ZMQ_MAXMSGSIZE, LONG_NUMBER},
               {"heartbeatInterval", ZMQ_HEARTBEAT_IVL, NUMBER},
               {"heartbeatTimeout", ZMQ_HEARTBEAT_TIMEOUT, NUMBER},
               {"heartbeatTimeToLive", ZMQ_HEARTBEAT_TTL, NUMBER},
               {"plainServer", ZMQ_PLAIN_SERVER, NUMBER},
               {"plainUsername", ZMQ_PLAIN_USERNAME, TEXT},
               {"plainPassword", ZMQ_PLAIN_PASSWORD, TEXT},
               {"zapDomain", ZMQ_ZAP_DOMAIN, TEXT},
               {"zapEnforceDomain", 93, NUMBER}, /* a draft in Debian's header */
               {"handshakeInterval", ZMQ_HANDSHAKE_IVL, NUMBER},
               {"curveServer", ZMQ_CURVE_SERVER, NUMBER},
               {"curvePublicKey", ZMQ_CURVE_PUBLICKEY, TEXT},
               {"curveSecretKey", ZMQ_CURVE_SECRETKEY, TEXT},
               {"curveServerKey", ZMQ_CURVE_SERVERKEY, TEXT},
               {"gssapiServer", ZMQ_GSSAPI_SERVER, NUMBER},
               {"gssapiPrincipal", ZMQ_GSSAPI_PRINCIPAL, TEXT},
               {"gssapiServicePrincipal", ZMQ_GSSAPI_SERVICE_PRINCIPAL, TEXT},
               {"gssapiPlainText", ZMQ_GSSAPI_PLAINTEXT, NUMBER}};

static int set_option(void *socket, char *word) {
  char *value = strchr(word, '=');
  if (value == NULL) return fail("option without value: %s", word);
  *value++ = '\0';
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    if (strcmp(options[i].name, word) != 0) continue;
    int number = atoi(value);
    int64_t long_number = atoll(value);
    int result = options[i].kind == TEXT     ? zmq_setsockopt(socket, options[i].constant, value, strlen(value))
                 : options[i].kind == NUMBER ? zmq_setsockopt(socket, options[i].constant, &number, sizeof number)
                                             : zmq_setsockopt(socket, options[i].constant, &long_number, sizeof long_number);
    return result < 0 ? fail_zmq(word) : 0;
  }
  return fail("no option %s", word);
}

static int open_socket(void) {
  int index = atoi(words[1] + 1), patience = 10000, linger = 0;
  if (index < 0 || index >= MAX_SOCKETS) return fail("too many sockets");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (strcmp(types[i].name, words[2]) != 0) continue;
    void *socket = sockets[index] = zmq_socket(context, types[i].constant);
    if (socket == NULL) return fail_zmq("socket");
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    for (int word = 3; word < word_count; word++)
      if (set_option(socket, words[word]) < 0) return -1;
    printf("ok\n");
    return 0;
  }
  return fail("no socket type %s", words[2]);
}

/* ---- ZAP (RFC 27): one user with one password, and some public keys ---- */

static char *zap_user, *zap_password, *zap_keys[MAX_WORDS];
static int zap_key_count;

static int is_good_key(const char *key) {
  for (int i = 0; i < zap_key_count; i++)
    if (strcmp(zap_keys[i], key) == 0) return 1;
  return 0;
}

static void *authenticate(void *handler) {
  char fields[8][256];
  for (;;) {
    int count = 0, more = 1;
    size_t size = sizeof more;
    char key[65] = "";
    while (more) {
      char text[256];
      int length = zmq_recv(handler, text, sizeof text - 1, 0);
      if (length < 0) return NULL;
      text[length < 255 ? length : 255] = '\0';
      if (count == 6 && length == 32)
        for (int i = 0; i < 32; i++) sprintf(key + 2 * i, "%02x", (uint8_t)text[i]);
      if (count < 8) memcpy(fields[count++], text, sizeof text);
      zmq_getsockopt(handler, ZMQ_RCVMORE, &more, &size);
    }
    int is_curve = count == 7 && strcmp(fields[5], "CURVE") == 0;
    int good = is_curve ? is_good_key(key)
                        : count == 8 && strcmp(fields[5], "PLAIN") == 0 && strcmp(fields[6], zap_user) == 0 &&
                              strcmp(fields[7], zap_password) == 0;
    const char *who = is_curve ? key : zap_user;
    const char *answer[6] = {"1.0", fields[1], good ? "200" : "400", good ? "OK" : "denied", good ? who : "", ""};
    for (int i = 0; i < 6; i++) zmq_send(handler, answer[i], strlen(answer[i]), i < 5 ? ZMQ_SNDMORE : 0);
  }
}

static int start_authenticator(void) {
  zap_user = strdup(words[1]);
  zap_password = strdup(words[2]);
  for (int i = 3; i < word_count; i++) zap_keys[zap_key_count++] = strdup(words[i]);
  void *handler = zmq_socket(context, ZMQ_REP);
  if (zmq_bind(handler, "inproc://zeromq.zap.01") < 0) return fail_zmq("bind inproc://zeromq.zap.01");
  pthread_t thread;
  pthread_create(&thread, NULL, authenticate, handler);
  pthread_detach(thread);
  printf("ok\n");
  return 0;
}

/* ---- commands on a socket; each prints its answer ---- */

static int endpoint_command(void *socket, const char *verb) {
  int result = strcmp(verb, "bind") == 0      ? zmq_bind(socket, words[2])
               : strcmp(verb, "unbind") == 0  ? zmq_unbind(socket, words[2])
               : strcmp(verb, "connect") == 0 ? zmq_connect(socket, words[2])
                                              : zmq_disconnect(socket, words[2]);
  if (result < 0) return fail("%s %s: %s", verb, words[2], zmq_strerror(zmq_errno()));
  char endpoint[1024] = "";
  size_t size = sizeof endpoint;
  zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
  printf("ok %s\n", endpoint);
  return 0;
}

static int topic_command(void *socket, int option) {
  zmq_msg_t topic;
  part_from_word(&topic, words[2]);
  int result = zmq_setsockopt(socket, option, zmq_msg_data(&topic), zmq_msg_size(&topic));
  zmq_msg_close(&topic);
  if (result < 0) return fail_zmq("subscribe");
  printf("ok\n");
  return 0;
}

static int take(void *socket) {
  if (receive_message(socket) < 0) return fail_zmq("receive");
  printf("ok");
  for (int i = 0; i < part_count; i++) {
    const uint8_t *octets = zmq_msg_data(&parts[i]);
    printf(zmq_msg_size(&parts[i]) == 0 ? " -" : " ");
    for (size_t k = 0; k < zmq_msg_size(&parts[i]); k++) printf("%02x", octets[k]);
  }
  printf("\n");
  return 0;
}

static int receive_summary(void *socket) {
  struct summary summary;
  summary_init(&summary);
  int skip = atoi(words[3]);
  for (uint64_t left = strtoull(words[2], NULL, 10); left > 0; left--) {
    if (receive_message(socket) < 0)
      return fail("receive: %s after %llu messages", zmq_strerror(zmq_errno()), (unsigned long long)summary.messages);
    summarize_parts(&summary, skip);
  }
  summary_print(&summary);
  return 0;
}

static int receive_bytes(void *socket) {
  struct summary summary;
  summary_init(&summary);
  uint64_t octets = strtoull(words[2], NULL, 10);
  while (summary.octets < octets) {
    if (receive_message(socket) < 0)
      return fail("receive: %s after %llu octets", zmq_strerror(zmq_errno()), (unsigned long long)summary.octets);
    sha256_update(&summary.hash, zmq_msg_data(&parts[1]), zmq_msg_size(&parts[1]));
    summary.octets += zmq_msg_size(&parts[1]);
  }
  summary_print(&summary);
  return 0;
}

static int send_corpus(void *socket, int exchange) {
  struct corpus corpus = corpus_from_words(2);
  struct summary summary;
  summary_init(&summary);
  for (uint64_t number = 0; number < corpus.count; number++) {
    if (send_generated(socket, &corpus, number, 5) < 0) return fail_zmq("send");
    if (!exchange) continue;
    if (receive_message(socket) < 0) return fail_zmq("receive");
    summarize_parts(&summary, word_count - 5);
  }
  if (exchange) summary_print(&summary);
  else printf("ok\n");
  return 0;
}

static int echo(void *socket) {
  for (uint64_t left = strtoull(words[2], NULL, 10); left > 0; left--) {
    if (receive_message(socket) < 0) return fail_zmq("receive");
    for (int i = 0; i < part_count; i++)
      if (zmq_msg_send(&parts[i], socket, i + 1 < part_count ? ZMQ_SNDMORE : 0) < 0) return fail_zmq("send");
  }
  printf("ok\n");
  return 0;
}

static int send_numbers(void *socket) {
  uint64_t from = strtoull(words[2], NULL, 10), count = strtoull(words[3], NULL, 10);
  for (uint64_t value = from; value < from + count; value++) {
    char text[24];
    int length = sprintf(text, "%llu", (unsigned long long)value);
    if (send_words(socket, 4, 1) < 0 || zmq_send(socket, text, (size_t)length, 0) < 0) return fail_zmq("send");
  }
  printf("ok\n");
  return 0;
}

static int receive_numbers(void *socket) {
  for (uint64_t left = strtoull(words[2], NULL, 10); left > 0; left--) {
    if (receive_message(socket) < 0) return fail_zmq("receive");
    zmq_msg_t *last = &parts[part_count - 1];
    printf("got %.*s\n", (int)zmq_msg_size(last), (char *)zmq_msg_data(last));
    fflush(stdout);
  }
  printf("ok\n");
  return 0;
}

static int run_command(void) {
  const char *verb = words[0];
  if (strcmp(verb, "socket") == 0) return open_socket();
  if (strcmp(verb, "zap") == 0) return start_authenticator();
  if (strcmp(verb, "digest") == 0) {
    struct corpus corpus = corpus_from_words(1);
    struct summary summary;
    summary_init(&summary);
    for (uint64_t number = 0; number < corpus.count; number++) {
      const struct shape *shape = &corpus.shapes[number % corpus.shape_count];
      summary_message(&summary, shape->parts);
      for (size_t i = 0; i < shape->parts; i++) {
        uint8_t *octets = malloc(shape->sizes[i] + 1);
        fill_part(octets, corpus.seed, number, i, shape->sizes[i]);
        summary_part(&summary, octets, shape->sizes[i]);
        free(octets);
      }
    }
    summary_print(&summary);
    return 0;
  }
  int index = word_count > 1 ? atoi(words[1] + 1) : -1;
  void *socket = index >= 0 && index < MAX_SOCKETS ? sockets[index] : NULL;
  if (socket == NULL) return fail("no socket for %s", verb);
  if (strcmp(verb, "bind") == 0 || strcmp(verb, "unbind") == 0 || strcmp(verb, "connect") == 0 ||
      strcmp(verb, "disconnect") == 0)
    return endpoint_command(socket, verb);
  if (strcmp(verb, "subscribe") == 0) return topic_command(socket, ZMQ_SUBSCRIBE);
  if (strcmp(verb, "unsubscribe") == 0) return topic_command(socket, ZMQ_UNSUBSCRIBE);
  if (strcmp(verb, "take") == 0) return take(socket);
  if (strcmp(verb, "send") == 0) return send_corpus(socket, 0);
  if (strcmp(verb, "exchange") == 0) return send_corpus(socket, 1);
  if (strcmp(verb, "receive") == 0) return receive_summary(socket);
  if (strcmp(verb, "bytes") == 0) return receive_bytes(socket);
  if (strcmp(verb, "echo") == 0) return echo(socket);
  if (strcmp(verb, "number") == 0) return send_numbers(socket);
  if (strcmp(verb, "numbers") == 0) return receive_numbers(socket);
  if (strcmp(verb, "put") == 0) {
    if (send_words(socket, 2, 0) < 0) return fail_zmq("send");
  } else if (strcmp(verb, "await") == 0) {
    do {
      if (receive_any(socket) < 0) return fail_zmq("receive");
    } while (!is_probe());
  } else if (strcmp(verb, "close") == 0) {
    zmq_close(socket);
    sockets[index] = NULL;
  } else {
    return fail("no command %s", verb);
  }
  printf("ok\n");
  return 0;
}

/* Standard input is read in a thread of its own, so that its end is seen while a command waits. */
static int command_pipe[2];

static void *read_input(void *unused) {
  char buffer[4096];
  ssize_t size;
  while ((size = read(0, buffer, sizeof buffer)) > 0)
    if (write(command_pipe[1], buffer, (size_t)size) < 0) break;
  _exit(0);
  return unused;
}

int main(void) {
  make_block();
  zmq_msg_init(&last_peer);
  context = zmq_ctx_new();
  zmq_ctx_set(context, ZMQ_MAX_SOCKETS, MAX_SOCKETS);
  pthread_t reader;
  if (pipe(command_pipe) < 0 || pthread_create(&reader, NULL, read_input, NULL) != 0) return 1;
  FILE *commands = fdopen(command_pipe[0], "r");
  char *line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, commands) > 0) {
    line[strcspn(line, "\n")] = '\0';
    word_count = 0;
    for (char *word = strtok(line, " "); word != NULL && word_count < MAX_WORDS; word = strtok(NULL, " "))
      words[word_count++] = word;
    if (word_count > 0) run_command();
    fflush(stdout);
  }
  return 0;
}
