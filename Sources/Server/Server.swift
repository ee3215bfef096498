/// The HTTP server.
public enum Server {}
