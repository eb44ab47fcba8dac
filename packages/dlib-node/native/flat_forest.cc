#include "flat_forest.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "coded_error.h"
#include "similarity.h"

// The binary must run on any x86-64, so the hot loop is compiled twice and the loader picks (glibc ifunc).
#if defined(__x86_64__) && defined(__gnu_linux__)
#define WIDE_WHERE_POSSIBLE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE_WHERE_POSSIBLE
#endif

namespace {

constexpr std::size_t floats_per_line = section_alignment / sizeof(float);
// Memory loads under way at once. Measured: adding every row of a level only after all were found took twice as long,
// 1 to 32 in flight were within noise of each other (bench/landmarks.ts measures the whole).
constexpr std::size_t rows_in_flight = 8;

template <typename T>
std::vector<T> copied(const std::byte* source, std::size_t count) {
    std::vector<T> values(count);
    std::memcpy(values.data(), source, count * sizeof(T));
    return values;
}

FlatHeader checked_header(const MappedFile& file, const std::string& path) {
    const auto refuse = [&path](const std::string& why) -> ModelUnreadable {
        return ModelUnreadable(path + " is not a usable flat model: " + why + "; make it again from dlib's .dat");
    };
    FlatHeader header{};
    if (file.size() < sizeof header) throw refuse("it has only " + std::to_string(file.size()) + " bytes");
    std::memcpy(&header, file.data(), sizeof header);
    if (header.magic != flat_magic) throw refuse("it does not start with \"dlibflat\"");
    if (header.version != flat_version) {
        throw refuse("its version is " + std::to_string(header.version) + ", expected " +
                     std::to_string(flat_version));
    }
    if (const std::string bad = describe_bad_sizes(header); !bad.empty()) throw refuse(bad);
    const std::size_t expected = layout_of(header).end;
    if (header.file_bytes != expected || file.size() != expected) {
        throw refuse("it has " + std::to_string(file.size()) + " bytes, expected " + std::to_string(expected));
    }
    Checksum checksum;
    checksum.update(file.data() + sizeof header, file.size() - sizeof header);
    if (checksum.finish(header) != header.checksum) throw refuse("its checksum does not hold, so it is damaged");
    return header;
}

WIDE_WHERE_POSSIBLE void add_row(float* __restrict shape, const float* __restrict row, std::size_t row_floats) {
    for (std::size_t i = 0; i < row_floats; ++i) shape[i] += row[i];
}

}  // namespace

struct FlatForest::Scratch {
    std::vector<float> shape;   // one row
    std::vector<float> values;  // one pixel value per feature
};

FlatForest::FlatForest(const std::string& path)
    : file_(path),
      header_(checked_header(file_, path)),
      layout_(layout_of(header_)),
      splits_(copied<Split>(file_.data() + layout_.splits,
                            std::size_t{header_.cascades} * header_.trees * (header_.leaves - 1))),
      features_(copied<Feature>(file_.data() + layout_.features, std::size_t{header_.cascades} * header_.features)),
      initial_shape_(copied<float>(file_.data() + layout_.shape, layout_.row_floats)) {
    const bool splits_fit = std::all_of(splits_.begin(), splits_.end(), [this](const Split& split) {
        return split.first < header_.features && split.second < header_.features;
    });
    const bool anchors_fit = std::all_of(features_.begin(), features_.end(), [this](const Feature& feature) {
        return feature.anchor < header_.points;
    });
    if (!splits_fit || !anchors_fit) {
        throw ModelUnreadable(path + " is not a usable flat model: an index points outside its section");
    }
}

std::vector<float> FlatForest::predict(const ImageView& image, const std::vector<Box>& boxes) const {
    const std::size_t coordinates = std::size_t{header_.points} * 2;
    std::vector<float> result(boxes.size() * coordinates);
    Scratch scratch{{}, std::vector<float>(header_.features)};
    auto next = result.begin();
    for (const Box& box : boxes) {
        predict_one(image, box, scratch);
        for (std::size_t i = 0; i < coordinates; i += 2) {
            *next++ = static_cast<float>((box.width - 1) * scratch.shape[i] + box.left);
            *next++ = static_cast<float>((box.height - 1) * scratch.shape[i + 1] + box.top);
        }
    }
    return result;
}

void FlatForest::predict_one(const ImageView& image, const Box& box, Scratch& scratch) const {
    const std::size_t row_floats = layout_.row_floats;
    auto& [shape, values] = scratch;
    shape = initial_shape_;

    for (std::size_t cascade = 0; cascade < header_.cascades; ++cascade) {
        const Similarity turn = similarity_between(initial_shape_.data(), shape.data(), header_.points);
        const Feature* const features = features_.data() + cascade * header_.features;
        for (std::size_t i = 0; i < header_.features; ++i) {
            const auto [dx, dy, anchor] = features[i];
            // float up to here and double from here on, as in dlib: another rounding picks another pixel
            const float x = turn.a * dx - turn.b * dy + shape[2 * anchor];
            const float y = turn.b * dx + turn.a * dy + shape[2 * anchor + 1];
            values[i] = pixel_or_zero(image, (box.width - 1) * x + box.left, (box.height - 1) * y + box.top);
        }

        // A leaf lies somewhere in 70 MB: it is asked for when found, and added once the next ones are found too.
        std::array<const float*, rows_in_flight> waiting{};
        for (std::size_t t = 0; t < header_.trees; ++t) {
            const float* const row = leaf_of(cascade * header_.trees + t, values.data());
            for (std::size_t i = 0; i < row_floats; i += floats_per_line) __builtin_prefetch(row + i);
            const float*& slot = waiting[t % rows_in_flight];
            if (slot != nullptr) add_row(shape.data(), slot, row_floats);
            slot = row;
        }
        for (std::size_t t = header_.trees; t < header_.trees + rows_in_flight; ++t) {
            const float* const row = waiting[t % rows_in_flight];
            if (row != nullptr) add_row(shape.data(), row, row_floats);
        }
    }
}

const float* FlatForest::leaf_of(std::size_t tree, const float* values) const {
    const std::size_t splits_per_tree = header_.leaves - 1;
    const Split* const splits = splits_.data() + tree * splits_per_tree;
    std::size_t node = 0;
    while (node < splits_per_tree) {
        const Split split = splits[node];
        node = 2 * node + (values[split.first] - values[split.second] > split.threshold ? 1 : 2);
    }
    const std::size_t leaf = tree * header_.leaves + node - splits_per_tree;
    return reinterpret_cast<const float*>(file_.data() + layout_.leaves) + leaf * layout_.row_floats;
}
