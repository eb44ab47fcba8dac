#include "dat_reader.h"

#include <dlib/serialize.h>

#include <cerrno>
#include <cmath>
#include <system_error>

#include "coded_error.h"

DatReader::DatReader(const std::string& path) : path_(path), buffer_(1 << 20) {
    in_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    in_.open(path, std::ios::binary);
    if (!in_) throw ModelUnreadable("cannot read " + path + ": " + std::generic_category().message(errno));
}

void DatReader::refuse(const std::string& why) const {
    throw ModelUnreadable(path_ + " is not a landmark model of dlib: " + why);
}

template <typename Integer>
Integer DatReader::value(const char* what) {
    // dlib's decoder reads beyond its buffer when the control byte states a length of 0, and overflows at 8.
    const int control = in_.rdbuf()->sgetc();
    const int length = control & 0x0F;
    const bool is_sound =
        control != std::ifstream::traits_type::eof() && (control & 0x70) == 0 && length >= 1 && length <= 7;
    Integer value{};
    try {
        if (!is_sound) throw dlib::serialization_error("not an integer");
        dlib::deserialize(value, in_);
    } catch (const dlib::serialization_error&) {
        refuse("it ends or is damaged where " + std::string(what) + " should be");
    }
    return value;
}

std::int64_t DatReader::integer(const char* what, std::int64_t least, std::int64_t most) {
    const auto found = value<dlib::int64>(what);
    if (found < least || found > most) {
        const std::string expected =
            least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
        refuse(std::string(what) + " is " + std::to_string(found) + ", expected " + expected);
    }
    return found;
}

float DatReader::number(const char* what) {
    dlib::float_details parts;
    parts.mantissa = value<dlib::int64>(what);
    parts.exponent = value<dlib::int16>(what);
    const float found = parts;
    if (!std::isfinite(found)) refuse(std::string(what) + " holds a number that is not finite");
    return found;
}

std::uint32_t DatReader::column_rows(const char* what, std::uint32_t most) {
    // dlib writes a matrix's two sizes negated, to tell this format from an older one.
    const std::int64_t rows = integer(what, -std::int64_t{most}, -1);
    integer(what, -1, -1);
    return static_cast<std::uint32_t>(-rows);
}

void DatReader::column(const char* what, std::vector<float>& column) {
    const auto most = static_cast<std::uint32_t>(column.size());
    if (column_rows(what, most) != most) refuse(std::string(what) + " is shorter than the model's shape");
    for (float& element : column) element = number(what);
}

void DatReader::expect_end() {
    if (in_.peek() != std::ifstream::traits_type::eof()) refuse("something follows its last value");
}
