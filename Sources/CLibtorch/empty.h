// libtorch has no C header: its paths and libraries travel by pkg-config, and only CTorch includes it.
