#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

/*!
    WHAT THIS FILE REPRESENTS
        The layout of a flat model: dlib's cascade of regression trees as arrays, in the order in which a
        prediction reads them, so that a process maps the file instead of parsing 100 MB. Little-endian; every
        section starts at a multiple of 64 bytes (a cache line) and is padded with zeros:

            FlatHeader | leaves | initial shape | splits | features

        leaves          cascades × trees × leaves rows of row_floats() float32; a row is one leaf's shape update
        initial shape   one row
        splits          cascades × trees × (leaves − 1) Split, each tree breadth first (children of i: 2i+1, 2i+2)
        features        cascades × features Feature: the pixels compared at that level of the cascade

        The leaves come first because they are streamed while the source is read and are 98 % of the file.

    THREAD SAFETY
        Plain values; no function here has state.
!*/

/// One comparison: go left when value(first) − value(second) > threshold.
struct Split {
    std::uint16_t first;
    std::uint16_t second;
    float threshold;
};
static_assert(sizeof(Split) == 8);

/// One pixel: an offset from a landmark, in the coordinates of the initial shape (the box is the unit square).
struct Feature {
    float dx;
    float dy;
    std::uint32_t anchor;
};
static_assert(sizeof(Feature) == 12);

struct FlatHeader {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t points;    // landmarks of a shape
    std::uint32_t cascades;  // levels, each with its own trees and features
    std::uint32_t trees;     // per level
    std::uint32_t leaves;    // per tree, a power of two
    std::uint32_t features;  // per level
    std::uint64_t file_bytes;
    std::array<std::uint8_t, 16> reserved;  // zero
    std::uint64_t checksum;                 // of every byte of the file, this field taken as zero
};
static_assert(sizeof(FlatHeader) == 64);

inline constexpr std::array<char, 8> flat_magic{'d', 'l', 'i', 'b', 'f', 'l', 'a', 't'};
inline constexpr std::uint32_t flat_version = 1;
inline constexpr std::size_t section_alignment = 64;

/*!
    Largest sizes a model may state. dlib's 68-point model has 68 points, 15 × 500 trees of 16 leaves and 500
    features. The limits keep every product below in 64 bits and every feature index in a Split in 16.
!*/
inline constexpr std::uint32_t max_points = 4096;
inline constexpr std::uint32_t max_cascades = 1024;
inline constexpr std::uint32_t max_trees = 65536;
inline constexpr std::uint32_t max_leaves = 65536;
inline constexpr std::uint32_t max_features = 65536;

struct FlatLayout {
    std::size_t row_floats;  // floats from one row to the next: 2 × points, rounded up to a cache line
    std::size_t leaves;      // byte offsets of the sections
    std::size_t shape;
    std::size_t splits;
    std::size_t features;
    std::size_t end;  // = the file's size
};

/*!
    ensures
        - returns "" when the sizes in header are ones a model can have, else a sentence that names the first
          that is not
!*/
std::string describe_bad_sizes(const FlatHeader& header);

/*!
    requires
        - describe_bad_sizes(header) == ""
    ensures
        - returns where each section lies
!*/
FlatLayout layout_of(const FlatHeader& header);

/*!
    WHAT THIS OBJECT REPRESENTS
        A 64-bit checksum against damage by accident, not by intent: eight lanes of rotate and multiply, so that
        it runs at memory speed (a model is checked whole, on every open). Every step is a bijection of its lane:
        a change confined to one 8-byte word is always seen.
    THREAD SAFETY
        None; one thread per object.
!*/
class Checksum {
public:
    /*!
        requires
            - bytes % 64 == 0
    !*/
    void update(const void* data, std::size_t bytes);

    /*!
        ensures
            - returns the checksum of everything seen followed by header, with header.checksum taken as zero.
              (The header comes last because its file is written as a stream.)
    !*/
    std::uint64_t finish(FlatHeader header) const;

private:
    std::array<std::uint64_t, 8> lanes_{1, 2, 3, 4, 5, 6, 7, 8};
};
