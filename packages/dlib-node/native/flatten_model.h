#pragma once

#include <string>

/*!
    ensures
        - reads dlib's serialised shape_predictor at dat_path and writes it to flat_path in the layout of
          flat_format.h. The model is streamed: memory stays at a few megabytes whatever its size.
        - flat_path appears whole or not at all: a file beside it is written, synced and renamed. Two processes
          that flatten to the same path at once do not disturb each other.
    throws
        - ModelUnreadable when dat_path is missing, damaged, or a predictor the flat layout cannot hold (dlib's
          trainer makes all trees of one depth and all levels of one size; others are refused)
        - ModelUnwritable when flat_path cannot be written
    THREAD SAFETY
        Safe to call from any number of threads.
!*/
void flatten_model(const std::string& dat_path, const std::string& flat_path);
