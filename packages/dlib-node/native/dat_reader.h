#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

/*!
    WHAT THIS OBJECT REPRESENTS
        The values of a file written by dlib::serialize, one after the other, in dlib's own encoding. dlib's
        deserialize of a whole container would trust the sizes it finds: a damaged file could ask for any amount of
        memory. Here each size is checked against a limit before anything of that size is made.
    THREAD SAFETY
        None; one thread per object.
!*/
class DatReader {
public:
    /*!
        throws
            - ModelUnreadable, as does every function below, in words that name the file
    !*/
    explicit DatReader(const std::string& path);

    std::int64_t integer(const char* what, std::int64_t least, std::int64_t most);

    /// A number that must be finite.
    float number(const char* what);

    /*!
        ensures
            - fills column from a dlib::matrix<float,0,1>, which must have as many rows as column has elements
    !*/
    void column(const char* what, std::vector<float>& column);

    /// The rows of the matrix<float,0,1> that comes next; its values follow, to be read with number().
    std::uint32_t column_rows(const char* what, std::uint32_t most);

    /// Refuses bytes after the last value.
    void expect_end();

    [[noreturn]] void refuse(const std::string& why) const;

private:
    template <typename Integer>
    Integer value(const char* what);

    std::string path_;
    std::vector<char> buffer_;
    std::ifstream in_;
};
