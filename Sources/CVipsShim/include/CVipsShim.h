#pragma once
#include <stddef.h>
#include <stdint.h>

// What Imaging needs of libvips, without its variable argument lists.
// Functions that return `int` give 0 on success; those that return a handle give NULL on failure.
// On failure the fault holds one line of libvips' own words.

typedef struct _VipsImage VipsImage;

typedef struct {
    char text[256];
} LimnVipsFault;

typedef struct {
    int width;
    int height;
    int channels;
} LimnVipsSize;

enum {
    LIMN_VIPS_PNG = 0,
    LIMN_VIPS_JPEG = 1,
    LIMN_VIPS_WEBP = 2,
    LIMN_VIPS_GIF = 3,    // written, never read
};

/// Call once, before anything else. Caches are switched off and libvips' log is silenced.
/// A picture is worked on by one thread, or by as many as the environment's VIPS_CONCURRENCY says.
int limn_vips_start(LimnVipsFault *fault);

/// Reads the header only. `bytes` must outlive the handle and everything made from it.
VipsImage *limn_vips_open(const void *bytes, size_t count, int format, LimnVipsFault *fault);

/// A picture of 8-bit samples, 1 to 4 channels (grey or sRGB, with or without alpha), upright.
/// May decode every pixel, if the picture has to be turned.
VipsImage *limn_vips_normalize(VipsImage *image, LimnVipsFault *fault);

/// Grey coverage of a line of text, wrapped at `width` pixels. Plain text, not markup.
VipsImage *limn_vips_text(const char *utf8, int width, int pixels_per_em, LimnVipsFault *fault);

LimnVipsSize limn_vips_size(VipsImage *image);

/// The size that a reader sees: width and height are exchanged where the orientation says so.
LimnVipsSize limn_vips_upright_size(VipsImage *image);

/// Writes width × height × channels bytes, rows from the top, samples interleaved. The picture must be 8-bit.
int limn_vips_read(VipsImage *image, uint8_t *pixels, LimnVipsFault *fault);

/// The XMP packet, or NULL. Valid as long as the handle.
const void *limn_vips_xmp(VipsImage *image, size_t *count);

typedef struct {
    int format;
    int quality;        // 1…100; not for PNG
    int lossless;       // WebP only
    const void *xmp;    // may be NULL; not for PNG
    size_t xmp_count;
} LimnVipsEncoding;

/// Encodes interleaved 8-bit samples; the result is freed with `limn_vips_free`.
void *limn_vips_encode(
    const uint8_t *pixels, LimnVipsSize size, LimnVipsEncoding encoding, size_t *count, LimnVipsFault *fault);

typedef struct {
    int format;           // WebP or GIF
    int quality;          // 1…100; WebP only
    int lossless;         // WebP only
    int frames;
    const int *delays;    // of each frame, in milliseconds
    int loops;            // how often it is played; 0 for ever
} LimnVipsAnimation;

/// Encodes frames of one size that follow each other in memory, sRGB with or without alpha;
/// the result is freed with `limn_vips_free`.
void *limn_vips_encode_animation(
    const uint8_t *pixels, LimnVipsSize size, LimnVipsAnimation animation, size_t *count, LimnVipsFault *fault);

void limn_vips_close(VipsImage *image);
void limn_vips_free(void *bytes);
