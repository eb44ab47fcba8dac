// dlib's own predictor, to compare ours with. Not part of the addon: src/dlib-agreement.int.test.ts compiles and runs it.
//
//   reference MODEL.dat PIXELS WIDTH HEIGHT < boxes > points
//
// PIXELS is a file of WIDTH × HEIGHT grey bytes; a box is "left top width height" in whole pixels, a line each; the
// answer to a box is its points, "x y x y …", on a line.

#include <dlib/image_processing/shape_predictor.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

int main(int, char** arguments) {
    dlib::shape_predictor predictor;
    dlib::deserialize(arguments[1]) >> predictor;

    dlib::array2d<unsigned char> image(std::atol(arguments[4]), std::atol(arguments[3]));
    std::ifstream pixels(arguments[2], std::ios::binary);
    pixels.read(reinterpret_cast<char*>(dlib::image_data(image)), static_cast<std::streamsize>(image.size()));

    long left, top, width, height;
    while (std::cin >> left >> top >> width >> height) {
        const dlib::full_object_detection face =
            predictor(image, dlib::rectangle(left, top, left + width - 1, top + height - 1));
        for (unsigned long i = 0; i < face.num_parts(); ++i) {
            std::cout << face.part(i).x() << ' ' << face.part(i).y() << ' ';
        }
        std::cout << '\n';
    }
}
