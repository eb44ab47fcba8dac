#pragma once

#include <stdexcept>
#include <string>

/*!
    WHAT THIS OBJECT REPRESENTS
        A failure that a caller in TypeScript can tell apart by code. The codes are those of DlibError in
        src/dlib-error.ts.
!*/
class CodedError : public std::runtime_error {
public:
    CodedError(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
    const char* code() const { return code_; }

private:
    const char* code_;  // a string literal
};

class ModelUnreadable : public CodedError {
public:
    explicit ModelUnreadable(const std::string& message) : CodedError("MODEL_UNREADABLE", message) {}
};

class ModelUnwritable : public CodedError {
public:
    explicit ModelUnwritable(const std::string& message) : CodedError("MODEL_UNWRITABLE", message) {}
};
