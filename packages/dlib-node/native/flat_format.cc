#include "flat_format.h"

#include <cstring>

namespace {

constexpr std::uint64_t odd_multiplier = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio, as in splitmix64

std::size_t aligned(std::size_t bytes) {
    return (bytes + section_alignment - 1) / section_alignment * section_alignment;
}

std::uint64_t mixed(std::uint64_t lane, std::uint64_t word) {
    lane = (lane ^ word) * odd_multiplier;
    return lane << 29 | lane >> 35;  // brings the high bits, which multiplication cannot spread, to the low end
}

std::string out_of_range(const char* name, std::uint32_t value, std::uint32_t least, std::uint32_t most) {
    if (value >= least && value <= most) return "";
    return std::string(name) + " is " + std::to_string(value) + ", expected " + std::to_string(least) + " to " +
           std::to_string(most);
}

}  // namespace

std::string describe_bad_sizes(const FlatHeader& header) {
    for (const std::string& sentence : {
             out_of_range("the number of points", header.points, 1, max_points),
             out_of_range("the number of cascades", header.cascades, 1, max_cascades),
             out_of_range("the number of trees in a cascade", header.trees, 1, max_trees),
             out_of_range("the number of leaves in a tree", header.leaves, 2, max_leaves),
             out_of_range("the number of features in a cascade", header.features, 1, max_features),
         }) {
        if (!sentence.empty()) return sentence;
    }
    if ((header.leaves & (header.leaves - 1)) != 0) {
        return "the number of leaves in a tree is " + std::to_string(header.leaves) + ", expected a power of two";
    }
    return "";
}

FlatLayout layout_of(const FlatHeader& header) {
    const std::size_t trees = std::size_t{header.cascades} * header.trees;
    const std::size_t row_bytes = aligned(std::size_t{header.points} * 2 * sizeof(float));
    FlatLayout layout{};
    layout.row_floats = row_bytes / sizeof(float);
    layout.leaves = aligned(sizeof(FlatHeader));
    layout.shape = layout.leaves + trees * header.leaves * row_bytes;
    layout.splits = layout.shape + row_bytes;
    layout.features = layout.splits + aligned(trees * (header.leaves - 1) * sizeof(Split));
    layout.end = layout.features + aligned(std::size_t{header.cascades} * header.features * sizeof(Feature));
    return layout;
}

void Checksum::update(const void* data, std::size_t bytes) {
    const auto* next = static_cast<const unsigned char*>(data);
    auto lanes = lanes_;  // a local copy: the compiler then keeps the lanes in registers
    for (const auto* end = next + bytes; next < end; next += 64) {
        std::array<std::uint64_t, 8> words;
        std::memcpy(words.data(), next, 64);
        for (std::size_t i = 0; i < 8; ++i) lanes[i] = mixed(lanes[i], words[i]);
    }
    lanes_ = lanes;
}

std::uint64_t Checksum::finish(FlatHeader header) const {
    header.checksum = 0;
    Checksum whole = *this;
    whole.update(&header, sizeof header);
    std::uint64_t sum = 0;
    for (const std::uint64_t lane : whole.lanes_) sum = mixed(sum, lane);
    return sum;
}
