#include <string.h>
#include <vips/vips.h>

#include "CVipsShim.h"

/// Moves the first line of libvips' error text into `fault`.
static void take_fault(LimnVipsFault *fault) {
    char *text = vips_error_buffer_copy();
    g_strlcpy(fault->text, text ? text : "", sizeof fault->text);
    g_free(text);
    fault->text[strcspn(fault->text, "\n")] = 0;
}

static void discard_log(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer data) {
    (void) domain, (void) level, (void) text, (void) data;
}

int limn_vips_start(LimnVipsFault *fault) {
    if (vips_init("limn")) {
        take_fault(fault);
        return -1;
    }
    // Every picture is used once, so keeping finished operations only costs memory.
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    // One thread a picture: pictures are small, and several are worked on at once.
    if (!g_getenv("VIPS_CONCURRENCY"))
        vips_concurrency_set(1);
    g_log_set_handler(
        "VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG, discard_log, NULL);
    return 0;
}

VipsImage *limn_vips_open(const void *bytes, size_t count, int format, LimnVipsFault *fault) {
    typedef int (*Loader)(void *, size_t, VipsImage **, ...);
    static const Loader loaders[] = {vips_pngload_buffer, vips_jpegload_buffer, vips_webpload_buffer};
    VipsImage *image = NULL;
    // Sequential: decoded once, a strip at a time, never through a temporary file.
    if (loaders[format]((void *) bytes, count, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
                        NULL)) {
        take_fault(fault);
        return NULL;
    }
    return image;
}

static gboolean is_cmyk(VipsImage *image) {
    return vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK;
}

/// Consumes `image`; the result is in sRGB or grey. A profile that cannot be used is passed over.
static VipsImage *to_srgb(VipsImage *image) {
    gboolean profile = vips_image_get_typeof(image, VIPS_META_ICC_NAME) != 0;
    VipsImage *out = NULL;
    if (is_cmyk(image)) {
        if (vips_icc_transform(image, &out, "srgb", "embedded", profile, "input_profile", "cmyk", NULL)) {
            vips_error_clear();
            vips_colourspace(image, &out, VIPS_INTERPRETATION_sRGB, NULL);
        }
    } else if (profile && vips_image_get_bands(image) >= 3) {
        if (vips_icc_transform(image, &out, "srgb", "embedded", TRUE, NULL)) {
            vips_error_clear();
            return image;
        }
    } else {
        return image;
    }
    g_object_unref(image);
    return out;
}

/// Consumes `image`. The high byte of 16-bit samples is kept, as PNG readers commonly do.
static VipsImage *to_8_bits(VipsImage *image) {
    if (vips_image_get_format(image) == VIPS_FORMAT_UCHAR)
        return image;
    VipsImage *cast = NULL, *out = NULL;
    gboolean failed = vips_cast(image, &cast, VIPS_FORMAT_UCHAR, "shift", TRUE, NULL);
    g_object_unref(image);
    if (failed)
        return NULL;
    VipsInterpretation space =
        vips_image_get_bands(cast) < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    vips_copy(cast, &out, "interpretation", space, NULL);
    g_object_unref(cast);
    return out;
}

/// Consumes `image`. Turning needs the rows in another order, so the picture is held in memory first.
static VipsImage *to_upright(VipsImage *image) {
    if (vips_image_get_orientation(image) == 1)
        return image;
    VipsImage *held = vips_image_copy_memory(image), *out = NULL;
    g_object_unref(image);
    if (!held)
        return NULL;
    vips_autorot(held, &out, NULL);
    g_object_unref(held);
    return out;
}

VipsImage *limn_vips_normalize(VipsImage *image, LimnVipsFault *fault) {
    g_object_ref(image);
    if (!(image = to_8_bits(image)) || !(image = to_srgb(image)) || !(image = to_8_bits(image))
        || !(image = to_upright(image))) {
        take_fault(fault);
        return NULL;
    }
    return image;
}

VipsImage *limn_vips_text(const char *utf8, int width, int pixels_per_em, LimnVipsFault *fault) {
    char *markup = g_markup_escape_text(utf8, -1);
    char font[32];
    g_snprintf(font, sizeof font, "sans %d", pixels_per_em);
    VipsImage *image = NULL;
    // At 72 dots an inch a point is a pixel.
    if (vips_text(&image, markup, "font", font, "width", width, "align", VIPS_ALIGN_CENTRE, "dpi", 72, NULL)) {
        take_fault(fault);
        image = NULL;
    }
    g_free(markup);
    return image;
}

LimnVipsSize limn_vips_size(VipsImage *image) {
    LimnVipsSize size = {vips_image_get_width(image), vips_image_get_height(image), vips_image_get_bands(image)};
    return size;
}

LimnVipsSize limn_vips_upright_size(VipsImage *image) {
    LimnVipsSize size = limn_vips_size(image);
    if (is_cmyk(image))
        size.channels = size.channels == 5 ? 4 : 3;
    if (vips_image_get_orientation_swap(image)) {
        int width = size.width;
        size.width = size.height;
        size.height = width;
    }
    return size;
}

int limn_vips_read(VipsImage *image, uint8_t *pixels, LimnVipsFault *fault) {
    enum { STRIP = 64 };
    VipsRegion *region = vips_region_new(image);
    int width = vips_image_get_width(image), height = vips_image_get_height(image);
    size_t row = (size_t) width * vips_image_get_bands(image);
    int failed = 0;
    for (int top = 0; top < height && !failed; top += STRIP) {
        VipsRect strip = {0, top, width, VIPS_MIN(STRIP, height - top)};
        failed = vips_region_prepare(region, &strip);
        for (int y = 0; y < strip.height && !failed; y++)
            memcpy(pixels + (size_t) (top + y) * row, VIPS_REGION_ADDR(region, 0, top + y), row);
    }
    g_object_unref(region);
    if (failed)
        take_fault(fault);
    return failed;
}

const void *limn_vips_xmp(VipsImage *image, size_t *count) {
    const void *bytes = NULL;
    if (vips_image_get_typeof(image, VIPS_META_XMP_NAME) == 0
        || vips_image_get_blob(image, VIPS_META_XMP_NAME, &bytes, count))
        return NULL;
    return bytes;
}

static int save(VipsImage *image, LimnVipsEncoding encoding, void **bytes, size_t *count) {
    switch (encoding.format) {
    case LIMN_VIPS_PNG:
        return vips_pngsave_buffer(
            image, bytes, count, "compression", 6, "filter", VIPS_FOREIGN_PNG_FILTER_ALL, NULL);
    case LIMN_VIPS_JPEG:
        return vips_jpegsave_buffer(image, bytes, count, "Q", encoding.quality, "optimize_coding", TRUE, NULL);
    default:
        return vips_webpsave_buffer(
            image, bytes, count, "Q", encoding.quality, "lossless", encoding.lossless, NULL);
    }
}

void *limn_vips_encode(
    const uint8_t *pixels, LimnVipsSize size, LimnVipsEncoding encoding, size_t *count, LimnVipsFault *fault) {
    VipsImage *borrowed = vips_image_new_from_memory(
        pixels, (size_t) size.width * size.height * size.channels, size.width, size.height, size.channels,
        VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    void *bytes = NULL;
    VipsInterpretation space = size.channels < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    if (borrowed && !vips_copy(borrowed, &image, "interpretation", space, NULL)) {
        if (encoding.xmp)
            vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, encoding.xmp, encoding.xmp_count);
        if (save(image, encoding, &bytes, count))
            bytes = NULL;
    }
    g_clear_object(&image);
    g_clear_object(&borrowed);
    if (!bytes)
        take_fault(fault);
    return bytes;
}

void *limn_vips_encode_animation(
    const uint8_t *pixels, LimnVipsSize size, LimnVipsAnimation animation, size_t *count, LimnVipsFault *fault) {
    int height = size.height * animation.frames;
    VipsImage *borrowed = vips_image_new_from_memory(
        pixels, (size_t) size.width * height * size.channels, size.width, height, size.channels, VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    void *bytes = NULL;
    if (borrowed && !vips_copy(borrowed, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL)) {
        vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, size.height);
        vips_image_set_array_int(image, "delay", animation.delays, animation.frames);
        vips_image_set_int(image, "loop", animation.loops);
        int failed = animation.format == LIMN_VIPS_GIF
            ? vips_gifsave_buffer(image, &bytes, count, NULL)
            : vips_webpsave_buffer(
                image, &bytes, count, "Q", animation.quality, "lossless", animation.lossless, NULL);
        if (failed)
            bytes = NULL;
    }
    g_clear_object(&image);
    g_clear_object(&borrowed);
    if (!bytes)
        take_fault(fault);
    return bytes;
}

void limn_vips_close(VipsImage *image) {
    g_object_unref(image);
}

void limn_vips_free(void *bytes) {
    g_free(bytes);
}
