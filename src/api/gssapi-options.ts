// SPDX-License-Identifier: MIT
/** The options of GSSAPI, which every socket has: its page is docs/security/gssapi.md, its rows are in `socket/gssapi-option-rows.ts`. */

/** Setting one fails with `ENOTSUP` where the package `kerberos` is not installed. */
export interface GssapiOptions {
  /** Serve GSSAPI clients: this side has the key of a service. Default false. */
  gssapiServer: boolean;
  /** Own name: a server's service, `service@host`, null for any whose key is there; a client's, null for whose ticket is there. Default null. */
  gssapiPrincipal: string | null;
  /** The service that a client wants to talk to, `service@host`; makes the socket a GSSAPI client. Default null. */
  gssapiServicePrincipal: string | null;
  /** GSSAPI authenticates and does not encrypt, which is all that it can here: without it bind and connect fail with `ENOTSUP`. Default false. */
  gssapiPlainText: boolean;
  /** What kind of name `gssapiPrincipal` is. Default `"hostBased"`. */
  gssapiPrincipalNameType: "hostBased" | "userName" | "krb5Principal";
  /** What kind of name `gssapiServicePrincipal` is. Default `"hostBased"`. */
  gssapiServicePrincipalNameType: "hostBased" | "userName" | "krb5Principal";
}
