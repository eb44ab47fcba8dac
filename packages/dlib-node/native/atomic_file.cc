#include "atomic_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "coded_error.h"

namespace {

[[noreturn]] void fail(const std::string& path) {
    throw ModelUnwritable("cannot write " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
    std::string name = path + ".XXXXXX";
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0) fail(path_);
    temporary_path_ = name;
    file_.reset(fdopen(descriptor, "wb"));
    if (!file_) {
        const int reason = errno;
        close(descriptor);
        unlink(name.c_str());
        errno = reason;
        fail(path_);
    }
}

AtomicFile::~AtomicFile() {
    if (!temporary_path_.empty()) unlink(temporary_path_.c_str());
}

void AtomicFile::append(const void* data, std::size_t bytes) {
    if (std::fwrite(data, 1, bytes, file_.get()) != bytes) fail(path_);
}

void AtomicFile::overwrite_start(const void* data, std::size_t bytes) {
    if (std::fseek(file_.get(), 0, SEEK_SET) != 0) fail(path_);
    append(data, bytes);
}

void AtomicFile::commit() {
    // mkstemp makes files that only their owner can read; the workers may run as somebody else.
    if (std::fflush(file_.get()) != 0 || fchmod(fileno(file_.get()), 0644) != 0 || fsync(fileno(file_.get())) != 0 ||
        std::rename(temporary_path_.c_str(), path_.c_str()) != 0) {
        fail(path_);
    }
    temporary_path_.clear();
}
