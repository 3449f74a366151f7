// SPDX-License-Identifier: MIT
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.zeromq.ZMQ;

/** The peer over JeroMQ: the commands of peer.ts, one a line on standard input; ends when the input does. */
public final class Peer {
  private static final int BLOCK_LENGTH = 65521;
  private static final byte[] PROBE = "?probe".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> TYPES =
      List.of("pair", "pub", "sub", "req", "rep", "dealer", "router", "pull", "push", "xpub", "xsub");

  private final byte[] doubledBlock = makeBlock();
  private final ZMQ.Context context = ZMQ.context(1);
  private final Map<String, ZMQ.Socket> sockets = new HashMap<>();
  private byte[] lastPeer = new byte[0];

  private static byte[] makeBlock() {
    byte[] doubled = new byte[2 * BLOCK_LENGTH];
    int state = 0x9e3779b9;
    for (int i = 0; i < BLOCK_LENGTH; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      doubled[i] = doubled[i + BLOCK_LENGTH] = (byte) (state >>> 24);
    }
    return doubled;
  }

  private byte[] makePart(long seed, long message, long part, int size) {
    byte[] octets = new byte[size];
    long offset = 7919 * seed + 131 * message + 31 * part;
    for (int tile = 0, position = 0; position < size; tile++, position += BLOCK_LENGTH) {
      int start = (int) ((offset + tile) % BLOCK_LENGTH);
      System.arraycopy(doubledBlock, start, octets, position, Math.min(BLOCK_LENGTH, size - position));
    }
    return octets;
  }

  /** The messages of a corpus, from its three words. */
  private final class Corpus {
    final long seed;
    final long count;
    final List<List<Integer>> shapes = new ArrayList<>();

    Corpus(String[] words, int from) {
      seed = Long.parseLong(words[from]);
      count = Long.parseLong(words[from + 1]);
      for (String sizes : words[from + 2].split("/")) {
        List<Integer> shape = new ArrayList<>();
        for (String run : sizes.split(",")) {
          String[] sizeAndTimes = run.split("x");
          int times = sizeAndTimes.length > 1 ? Integer.parseInt(sizeAndTimes[1]) : 1;
          for (; times > 0; times--) shape.add(Integer.parseInt(sizeAndTimes[0]));
        }
        shapes.add(shape);
      }
    }

    List<byte[]> message(long number) {
      List<Integer> shape = shapes.get((int) (number % shapes.size()));
      List<byte[]> parts = new ArrayList<>();
      for (int part = 0; part < shape.size(); part++) parts.add(makePart(seed, number, part, shape.get(part)));
      return parts;
    }
  }

  /** Adds messages up. */
  private static final class Summary {
    private final MessageDigest hash;
    private long messages;
    private long parts;
    private long octets;

    Summary() throws Exception {
      hash = MessageDigest.getInstance("SHA-256");
    }

    void add(List<byte[]> message) {
      messages++;
      number(message.size());
      for (byte[] part : message) {
        parts++;
        octets += part.length;
        number(part.length);
        hash.update(part);
      }
    }

    private void number(int value) {
      hash.update(new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    String words() {
      return messages + " " + parts + " " + octets + " " + hex(hash.digest());
    }
  }

  private static String hex(byte[] octets) {
    StringBuilder text = new StringBuilder();
    for (byte octet : octets) text.append(String.format("%02x", octet & 0xff));
    return text.length() == 0 ? "-" : text.toString();
  }

  private byte[] part(String word) {
    if (word.equals("@")) return lastPeer;
    if (word.equals("-")) return new byte[0];
    byte[] octets = new byte[word.length() / 2];
    for (int i = 0; i < octets.length; i++) octets[i] = (byte) Integer.parseInt(word.substring(2 * i, 2 * i + 2), 16);
    return octets;
  }

  private List<byte[]> parts(String[] words, int from) {
    List<byte[]> parts = new ArrayList<>();
    for (int i = from; i < words.length; i++) parts.add(part(words[i]));
    return parts;
  }

  private static void send(ZMQ.Socket socket, List<byte[]> message) {
    for (int i = 0; i < message.size(); i++) {
      boolean sent = i + 1 < message.size() ? socket.sendMore(message.get(i)) : socket.send(message.get(i));
      if (!sent) throw new IllegalStateException("send timed out");
    }
  }

  private static List<byte[]> receiveAny(ZMQ.Socket socket) {
    List<byte[]> message = new ArrayList<>();
    do {
      byte[] part = socket.recv();
      if (part == null) throw new IllegalStateException("receive timed out");
      message.add(part);
    } while (socket.hasReceiveMore());
    return message;
  }

  private static boolean isProbe(List<byte[]> message) {
    return message.size() == 1 && Arrays.equals(message.get(0), PROBE);
  }

  private List<byte[]> receive(ZMQ.Socket socket) {
    List<byte[]> message;
    do message = receiveAny(socket);
    while (isProbe(message));
    lastPeer = message.get(0);
    return message;
  }

  private String open(String[] words) {
    if (!TYPES.contains(words[2])) throw new IllegalArgumentException("no socket type " + words[2]);
    ZMQ.Socket socket = context.socket(TYPES.indexOf(words[2])); // in the order of libzmq's numbers
    socket.setLinger(0);
    socket.setSendTimeOut(10000);
    socket.setReceiveTimeOut(10000);
    for (int i = 3; i < words.length; i++) setOption(socket, words[i].split("="));
    sockets.put(words[1], socket);
    return "";
  }

  private static void setOption(ZMQ.Socket socket, String[] option) {
    switch (option[0]) {
      case "routingId" -> socket.setIdentity(option[1].getBytes(StandardCharsets.UTF_8));
      case "sendHighWaterMark" -> socket.setSndHWM(Long.parseLong(option[1]));
      case "receiveHighWaterMark" -> socket.setRcvHWM(Long.parseLong(option[1]));
      case "linger" -> socket.setLinger(Long.parseLong(option[1]));
      case "mandatory" -> socket.setRouterMandatory(option[1].equals("1"));
      case "reconnectInterval" -> socket.setReconnectIVL(Long.parseLong(option[1]));
      default -> throw new IllegalArgumentException("no option " + option[0]);
    }
  }

  private String onSocket(ZMQ.Socket socket, String[] words) throws Exception {
    switch (words[0]) {
      case "bind" -> {
        // JeroMQ cannot bind to port 0 by an address; it can choose a port.
        if (words[2].endsWith(":0")) {
          String host = words[2].substring(0, words[2].length() - 2);
          return host + ":" + socket.bindToRandomPort(host);
        }
        socket.bind(words[2]);
        return words[2];
      }
      case "unbind" -> socket.unbind(words[2]);
      case "connect" -> socket.connect(words[2]);
      case "subscribe" -> socket.subscribe(part(words[2]));
      case "unsubscribe" -> socket.unsubscribe(part(words[2]));
      case "put" -> send(socket, parts(words, 2));
      case "take" -> {
        StringBuilder text = new StringBuilder();
        for (byte[] part : receive(socket)) text.append(text.length() == 0 ? "" : " ").append(hex(part));
        return text.toString();
      }
      case "send", "exchange" -> {
        return sendCorpus(socket, words);
      }
      case "receive" -> {
        Summary summary = new Summary();
        int skip = Integer.parseInt(words[3]);
        for (long left = Long.parseLong(words[2]); left > 0; left--) {
          List<byte[]> message = receive(socket);
          summary.add(message.subList(skip, message.size()));
        }
        return summary.words();
      }
      case "echo" -> {
        for (long left = Long.parseLong(words[2]); left > 0; left--) send(socket, receive(socket));
      }
      case "await" -> {
        while (!isProbe(receiveAny(socket))) continue;
      }
      case "number" -> {
        List<byte[]> header = parts(words, 4);
        long from = Long.parseLong(words[2]);
        for (long value = from; value < from + Long.parseLong(words[3]); value++) {
          List<byte[]> message = new ArrayList<>(header);
          message.add(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
          send(socket, message);
        }
      }
      case "numbers" -> {
        for (long left = Long.parseLong(words[2]); left > 0; left--) {
          List<byte[]> message = receive(socket);
          System.out.println("got " + new String(message.get(message.size() - 1), StandardCharsets.US_ASCII));
        }
      }
      case "close" -> {
        sockets.remove(words[1]);
        socket.close();
      }
      default -> throw new IllegalArgumentException("no command " + words[0]);
    }
    return "";
  }

  private String sendCorpus(ZMQ.Socket socket, String[] words) throws Exception {
    Corpus corpus = new Corpus(words, 2);
    Summary summary = new Summary();
    List<byte[]> header = parts(words, 5);
    for (long number = 0; number < corpus.count; number++) {
      List<byte[]> message = new ArrayList<>(header);
      message.addAll(corpus.message(number));
      send(socket, message);
      if (words[0].equals("send")) continue;
      List<byte[]> answer = receive(socket);
      summary.add(answer.subList(header.size(), answer.size()));
    }
    return words[0].equals("send") ? "" : summary.words();
  }

  private String run(String[] words) throws Exception {
    if (words[0].equals("socket")) return open(words);
    if (words[0].equals("digest")) {
      Corpus corpus = new Corpus(words, 1);
      Summary summary = new Summary();
      for (long number = 0; number < corpus.count; number++) summary.add(corpus.message(number));
      return summary.words();
    }
    ZMQ.Socket socket = words.length > 1 ? sockets.get(words[1]) : null;
    if (socket == null) throw new IllegalArgumentException("no socket for " + words[0]);
    return onSocket(socket, words);
  }

  public static void main(String[] parameters) throws Exception {
    LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    // In a thread of its own, so that the end of the input is seen while a command waits.
    Thread reader = new Thread(() -> {
      try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
        for (String line; (line = input.readLine()) != null; ) lines.add(line);
      } catch (java.io.IOException ignored) {
        // the same as the end of the input
      }
      Runtime.getRuntime().halt(0);
    });
    reader.setDaemon(true);
    reader.start();
    Peer peer = new Peer();
    for (;;) {
      String line = lines.take();
      try {
        System.out.println(("ok " + peer.run(line.split(" "))).trim());
      } catch (Exception error) {
        System.out.println("error " + error.toString().replace('\n', ' '));
      }
    }
  }
}
