#include "flatten_model.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "atomic_file.h"
#include "dat_reader.h"
#include "flat_format.h"

namespace {

/// Appends sections, padded to their alignment, to the file and to its checksum.
class SectionWriter {
public:
    explicit SectionWriter(AtomicFile& file) : file_(file) {}

    /*!
        requires
            - bytes % section_alignment == 0, or this is the last piece of a section
    !*/
    void append(const void* data, std::size_t bytes) {
        constexpr std::array<char, section_alignment> zeros{};
        const std::size_t tail = bytes % section_alignment;
        file_.append(data, bytes);
        checksum_.update(data, bytes - tail);
        if (tail == 0) return;
        std::array<char, section_alignment> line{};
        std::memcpy(line.data(), static_cast<const char*>(data) + bytes - tail, tail);
        checksum_.update(line.data(), line.size());
        file_.append(zeros.data(), section_alignment - tail);
    }

    template <typename T>
    void append(const std::vector<T>& values) {
        append(values.data(), values.size() * sizeof(T));
    }

    const Checksum& checksum() const { return checksum_; }

private:
    AtomicFile& file_;
    Checksum checksum_;
};

std::uint32_t size_of(DatReader& dat, const char* what, std::uint32_t least, std::uint32_t most) {
    return static_cast<std::uint32_t>(dat.integer(what, least, most));
}

/*!
    requires
        - header states the sizes of the model, except those that are 0 because they are not known yet
    ensures
        - appended the tree's splits to splits and its leaves to out; header states the tree's sizes
!*/
void copy_tree(DatReader& dat, FlatHeader& header, std::vector<Split>& splits, SectionWriter& out) {
    // Feature indices are checked against the number of features by flatten_model(): it comes later in the file.
    const bool first = header.leaves == 0;
    const std::uint32_t split_count = size_of(dat, "the number of splits", first ? 1 : header.leaves - 1,
                                              first ? max_leaves - 1 : header.leaves - 1);
    for (std::uint32_t i = 0; i < split_count; ++i) {
        Split split{};
        split.first = static_cast<std::uint16_t>(dat.integer("a feature index", 0, max_features - 1));
        split.second = static_cast<std::uint16_t>(dat.integer("a feature index", 0, max_features - 1));
        split.threshold = dat.number("a threshold");
        splits.push_back(split);
    }
    header.leaves = size_of(dat, "the number of leaves", split_count + 1, split_count + 1);
    const std::size_t row_floats = layout_of(header).row_floats;
    std::vector<float> leaf(std::size_t{header.points} * 2);
    std::vector<float> row(row_floats);
    for (std::uint32_t i = 0; i < header.leaves; ++i) {
        dat.column("a leaf", leaf);
        std::copy(leaf.begin(), leaf.end(), row.begin());
        out.append(row);
    }
}

/*!
    ensures
        - returns the pixels compared at every level; header.features is their number per level
!*/
std::vector<Feature> read_features(DatReader& dat, FlatHeader& header) {
    std::vector<Feature> features;
    size_of(dat, "the number of levels with anchors", header.cascades, header.cascades);
    for (std::uint32_t cascade = 0; cascade < header.cascades; ++cascade) {
        const std::uint32_t least = cascade == 0 ? 1 : header.features;
        const std::uint32_t most = cascade == 0 ? max_features : header.features;
        header.features = size_of(dat, "the number of anchors", least, most);
        for (std::uint32_t i = 0; i < header.features; ++i) {
            features.push_back({0, 0, size_of(dat, "an anchor", 0, header.points - 1)});
        }
    }
    size_of(dat, "the number of levels with offsets", header.cascades, header.cascades);
    auto feature = features.begin();
    for (std::uint32_t cascade = 0; cascade < header.cascades; ++cascade) {
        size_of(dat, "the number of offsets", header.features, header.features);
        for (std::uint32_t i = 0; i < header.features; ++i, ++feature) {
            feature->dx = dat.number("an offset");
            feature->dy = dat.number("an offset");
        }
    }
    return features;
}

}  // namespace

// The order of reading is that of dlib::deserialize(shape_predictor&, std::istream&), format version 1.
void flatten_model(const std::string& dat_path, const std::string& flat_path) {
    DatReader dat(dat_path);
    dat.integer("the format's version", 1, 1);

    FlatHeader header{};
    header.magic = flat_magic;
    header.version = flat_version;
    const std::uint32_t coordinates = dat.column_rows("the initial shape", max_points * 2);
    if (coordinates % 2 != 0) dat.refuse("its shape has an odd number of coordinates");
    header.points = coordinates / 2;
    std::vector<float> shape(layout_of(header).row_floats);
    for (std::uint32_t i = 0; i < coordinates; ++i) shape[i] = dat.number("the initial shape");

    AtomicFile file(flat_path);
    file.append(&header, sizeof header);  // holds the place; the finished one is written last
    SectionWriter out(file);
    std::vector<Split> splits;
    header.cascades = size_of(dat, "the number of cascades", 1, max_cascades);
    for (std::uint32_t cascade = 0; cascade < header.cascades; ++cascade) {
        const bool first = cascade == 0;
        header.trees = size_of(dat, "the number of trees", first ? 1 : header.trees, first ? max_trees : header.trees);
        for (std::uint32_t tree = 0; tree < header.trees; ++tree) copy_tree(dat, header, splits, out);
    }
    const std::vector<Feature> features = read_features(dat, header);
    dat.expect_end();

    if (const std::string bad = describe_bad_sizes(header); !bad.empty()) dat.refuse(bad);
    for (const Split& split : splits) {
        if (split.first >= header.features || split.second >= header.features) {
            dat.refuse("a tree compares a feature that does not exist");
        }
    }

    out.append(shape);
    out.append(splits);
    out.append(features);
    header.file_bytes = layout_of(header).end;
    header.checksum = out.checksum().finish(header);
    file.overwrite_start(&header, sizeof header);
    file.commit();
}
