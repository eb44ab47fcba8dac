#pragma once

#include <cstddef>

/// The linear part of a similarity transform: rotation and scale, (x, y) → (a·x − b·y, b·x + a·y).
struct Similarity {
    float a = 1;
    float b = 0;
};

/*!
    requires
        - from and to each hold points × 2 floats, x0, y0, x1, y1, …
    ensures
        - returns the rotation and scale that bring from closest to to, in the least-squares sense, after both
          are moved to their centroids. This is what dlib::find_similarity_transform finds by a singular value
          decomposition (Umeyama 1991); in the plane it has a closed form: with points as complex numbers,
          a + ib = Σ conj(from)·to / Σ |from|².
          Shapes of one point, or whose points of from coincide, have no rotation: the identity, as in dlib.
!*/
Similarity similarity_between(const float* from, const float* to, std::size_t points);
