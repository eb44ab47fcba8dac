#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flat_format.h"
#include "image_view.h"
#include "mapped_file.h"

/*!
    WHAT THIS OBJECT REPRESENTS
        dlib's shape_predictor ("One Millisecond Face Alignment with an Ensemble of Regression Trees", Kazemi and
        Sullivan, CVPR 2014) over a mapped flat model. It computes what dlib::shape_predictor::operator() computes,
        in the same order and precision, but keeps the fractions that dlib rounds off at the end.

    CONVENTION
        - every index it follows (splits, anchors) was checked and lies in private memory: whatever happens to
          the file afterwards, a prediction cannot read outside its arrays
        - the leaves are read from the mapping, shared by all processes

    THREAD SAFETY
        Immutable: any number of threads may predict at once.
!*/
class FlatForest {
public:
    /*!
        ensures
            - the model at path was read once from end to end and its checksum holds
        throws
            - ModelUnreadable when path is no flat model of this version, is incomplete or damaged
    !*/
    explicit FlatForest(const std::string& path);

    std::uint32_t points() const { return header_.points; }

    /*!
        requires
            - image.data has image.width × image.height bytes
        ensures
            - returns boxes.size() × points() × 2 floats: x0, y0, x1, y1, … of the first box, then of the next,
              in pixels of the image
        throws
            - std::bad_alloc
    !*/
    std::vector<float> predict(const ImageView& image, const std::vector<Box>& boxes) const;

private:
    struct Scratch;
    void predict_one(const ImageView& image, const Box& box, Scratch& scratch) const;
    const float* leaf_of(std::size_t tree, const float* values) const;

    MappedFile file_;
    FlatHeader header_;
    FlatLayout layout_;
    std::vector<Split> splits_;
    std::vector<Feature> features_;
    std::vector<float> initial_shape_;
};
