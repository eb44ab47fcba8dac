#pragma once

#include <cstddef>
#include <cstdint>

/// An 8-bit grey image, row-major without padding between rows; the pixels belong to somebody else.
struct ImageView {
    const std::uint8_t* data;
    std::uint32_t width;
    std::uint32_t height;
};

/// A rectangle in pixels. Fractions are allowed: where dlib's rectangle says right, this is left + width − 1.
struct Box {
    double left;
    double top;
    double width;
    double height;
};

/*!
    ensures
        - returns the pixel nearest to (x, y), halves rounded up, or 0 outside the image: what dlib's predictor
          reads. Any x and y are safe, NaN included: the comparisons are made before the conversion to integers,
          which is undefined for values that do not fit.
!*/
inline float pixel_or_zero(const ImageView& image, double x, double y) {
    x += 0.5;
    y += 0.5;
    if (!(x >= 0 && y >= 0 && x < image.width && y < image.height)) return 0;
    return image.data[static_cast<std::size_t>(y) * image.width + static_cast<std::size_t>(x)];
}
