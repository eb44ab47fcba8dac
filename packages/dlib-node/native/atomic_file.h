#pragma once

#include <cstddef>
#include <string>


#include <cstdio>
#include <memory>

/*!
    WHAT THIS OBJECT REPRESENTS
        A file that appears at its path whole or not at all: it is written beside it under a name of its own,
        and removed again unless commit() was reached.
    THREAD SAFETY
        None; one thread per object. Any number of objects may write to one path: the last to commit stays.
!*/
class AtomicFile {
public:
    /*!
        throws
            - ModelUnwritable, as do append(), overwrite_start() and commit()
    !*/
    explicit AtomicFile(const std::string& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void append(const void* data, std::size_t bytes);
    void overwrite_start(const void* data, std::size_t bytes);

    /*!
        ensures
            - everything written is on the disk, and the file at path is this one
    !*/
    void commit();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::string path_;
    std::string temporary_path_;  // empty once nothing is left to remove
    std::unique_ptr<std::FILE, Close> file_;
};
