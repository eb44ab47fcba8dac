#pragma once

#include <cstddef>
#include <string>

/*!
    WHAT THIS OBJECT REPRESENTS
        A file's bytes, read-only, mapped into memory: every process that maps the same file shares one copy.
        The file must not be shortened in place while it is mapped (a read past its new end raises SIGBUS, which
        no check can prevent); replacing it by rename, as flatten_model() does, is safe.
    THREAD SAFETY
        Any number of threads may read at once.
!*/
class MappedFile {
public:
    /*!
        throws
            - ModelUnreadable when path is not a regular file that can be opened and mapped
    !*/
    explicit MappedFile(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::byte* data() const { return data_; }
    std::size_t size() const { return size_; }

private:
    const std::byte* data_ = nullptr;  // null exactly when the file is empty
    std::size_t size_ = 0;
};
