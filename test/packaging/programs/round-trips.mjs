// SPDX-License-Identifier: MIT
/**
 * What every packaged program does: asks a peer, and one behind CURVE, whose addresses are in the environment; then binds, and answers
 * itself. Gives what it was told.
 */
import { curveKeyPair, Reply, Request } from "zeromq-ts";

async function ask(address, question, options) {
  const request = new Request({ receiveTimeout: 10000, linger: 0, ...options });
  request.connect(address);
  await request.send(question);
  const [answer] = await request.receive();
  request.close();
  return answer.toString();
}

async function answerOnce(reply) {
  const [question] = await reply.receive();
  await reply.send(`own ${question}`);
}

export async function roundTrips() {
  const { PLAIN_PEER, CURVE_PEER, CURVE_PEER_KEY } = process.env;
  const { publicKey, secretKey } = curveKeyPair();
  const curve = { curveServerKey: CURVE_PEER_KEY, curvePublicKey: publicKey, curveSecretKey: secretKey };
  const answers = [await ask(PLAIN_PEER, "tcp"), await ask(CURVE_PEER, "curve", curve)];
  const reply = new Reply();
  await reply.bind("tcp://127.0.0.1:*");
  const answered = answerOnce(reply);
  answers.push(await ask(reply.lastEndpoint, "bound"));
  await answered;
  reply.close();
  return answers.join(", ");
}
