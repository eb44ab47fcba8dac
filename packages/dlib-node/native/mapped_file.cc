#include "mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "coded_error.h"

namespace {

[[noreturn]] void fail(const std::string& path) {
    throw ModelUnreadable("cannot read " + path + ": " + std::generic_category().message(errno));
}

class Descriptor {
public:
    // O_NONBLOCK: opening a named pipe would otherwise wait for its writer for ever.
    explicit Descriptor(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        if (fd_ < 0) fail(path);
    }
    ~Descriptor() { close(fd_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
    const Descriptor file(path);
    struct stat status {};
    if (fstat(file.get(), &status) != 0) fail(path);
    if (!S_ISREG(status.st_mode)) throw ModelUnreadable("cannot read " + path + ": not a regular file");
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    void* const bytes = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.get(), 0);
    if (bytes == MAP_FAILED) fail(path);
    data_ = static_cast<const std::byte*>(bytes);
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) munmap(const_cast<std::byte*>(data_), size_);
}
