// SPDX-License-Identifier: MIT
/*
 * CZMQ's certificates and its authenticator (zcert, zcertstore, zauth), for tests. One action a run:
 *   load PATH                      prints the public key, the secret key and the metadata of a certificate, a line each
 *   save PATH NAME VALUE           makes a certificate with one item of metadata, and saves it
 *   find FOLDER KEY                prints "found NAME" or "none"
 *   serve FOLDER PASSWORDS SERVER  a ROUTER behind zauth, with the keys of FOLDER when SERVER is a certificate, or with PLAIN when it is
 *                                  "-"; prints its port, then the user id of each message; ends with its standard input
 */
#include <czmq.h>

static int load(const char *path) {
    zcert_t *cert = zcert_load(path);
    if (!cert) return 1;
    printf("%s\n%s\n", zcert_public_txt(cert), zcert_secret_txt(cert));
    zlist_t *names = zcert_meta_keys(cert);
    for (char *name = zlist_first(names); name; name = zlist_next(names))
        printf("%s=%s\n", name, zcert_meta(cert, name));
    zlist_destroy(&names);
    zcert_destroy(&cert);
    return 0;
}

static int save(const char *path, const char *name, const char *value) {
    zcert_t *cert = zcert_new();
    zcert_set_meta(cert, name, "%s", value);
    int rc = zcert_save(cert, path);
    zcert_destroy(&cert);
    return rc;
}

static int find(const char *folder, const char *key) {
    zcertstore_t *store = zcertstore_new(folder);
    zcert_t *cert = zcertstore_lookup(store, key);
    if (cert) printf("found %s\n", zcert_meta(cert, "name") ? zcert_meta(cert, "name") : "");
    else printf("none\n");
    zcertstore_destroy(&store);
    return 0;
}

static int serve(const char *folder, const char *passwords, const char *server) {
    zactor_t *auth = zactor_new(zauth, NULL);
    zstr_sendx(auth, "CURVE", folder, NULL);
    zsock_wait(auth);
    zstr_sendx(auth, "PLAIN", passwords, NULL);
    zsock_wait(auth);
    zsock_t *socket = zsock_new(ZMQ_ROUTER);
    zsock_set_zap_domain(socket, "global");
    if (streq(server, "-")) zsock_set_plain_server(socket, 1);
    else {
        zcert_t *cert = zcert_load(server);
        zcert_apply(cert, socket);
        zcert_destroy(&cert);
        zsock_set_curve_server(socket, 1);
    }
    printf("%d\n", zsock_bind(socket, "tcp://127.0.0.1:*"));
    fflush(stdout);
    zmq_pollitem_t items[] = {{zsock_resolve(socket), 0, ZMQ_POLLIN, 0}, {NULL, 0, ZMQ_POLLIN, 0}};
    while (zmq_poll(items, 2, -1) > 0 && !items[1].revents) {
        zframe_t *id = zframe_recv(socket), *body = zframe_recv(socket);
        const char *user = zframe_meta(body, "User-Id"), *name = zframe_meta(body, "name");
        printf("%s %s\n", user ? user : "", name ? name : "");
        fflush(stdout);
        zframe_destroy(&id);
        zframe_destroy(&body);
    }
    zsock_destroy(&socket);
    zactor_destroy(&auth);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && streq(argv[1], "load")) return load(argv[2]);
    if (argc == 5 && streq(argv[1], "save")) return save(argv[2], argv[3], argv[4]);
    if (argc == 4 && streq(argv[1], "find")) return find(argv[2], argv[3]);
    if (argc == 5 && streq(argv[1], "serve")) return serve(argv[2], argv[3], argv[4]);
    return 2;
}
