#include "similarity.h"

Similarity similarity_between(const float* from, const float* to, std::size_t points) {
    double from_x = 0, from_y = 0, to_x = 0, to_y = 0;
    for (std::size_t i = 0; i < points; ++i) {
        from_x += from[2 * i];
        from_y += from[2 * i + 1];
        to_x += to[2 * i];
        to_y += to[2 * i + 1];
    }
    const auto count = static_cast<double>(points);
    from_x /= count;
    from_y /= count;
    to_x /= count;
    to_y /= count;

    double spread = 0, real = 0, imaginary = 0;
    for (std::size_t i = 0; i < points; ++i) {
        const double fx = from[2 * i] - from_x, fy = from[2 * i + 1] - from_y;
        const double tx = to[2 * i] - to_x, ty = to[2 * i + 1] - to_y;
        spread += fx * fx + fy * fy;
        real += fx * tx + fy * ty;
        imaginary += fx * ty - fy * tx;
    }
    if (!(spread > 0)) return {};
    return {static_cast<float>(real / spread), static_cast<float>(imaginary / spread)};
}
