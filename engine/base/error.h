#pragma once

#include <exception>
#include <string>
#include <utility>
#include <variant>

namespace kiln {

enum class ErrorCode {
  kInvalidArgument,  // a value that cannot be used
  kNotFound,         // no such file, class, model
  kUnreadable,       // there, but the system refuses to read it
  kCorrupt,          // cut off or not what its name says
  kUnsupported,      // well-formed, but nothing here can use it
  kUnwritable,       // a destination that cannot be written
  kDiskFull,
  kOutOfMemory,
  kInternal,  // a defect of this program
};

// What went wrong, in the words of the person who has to fix it. `message` and `hint` are one sentence each, without a final
// full stop; `detail` is for the log.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string hint;
  std::string detail;
};

// Thrown inside the engine; turned into a plain `Error` at the session's boundary.
class Failure : public std::exception {
 public:
  Failure(ErrorCode code, std::string message, std::string hint, std::string detail = {})
      : error_{code, std::move(message), std::move(hint), std::move(detail)} {}
  explicit Failure(Error error) : error_(std::move(error)) {}

  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

// A value or the reason why there is none, for boundaries that no exception may cross.
template <class T>
class Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}

  explicit operator bool() const { return content_.index() == 0; }
  T& value() { return std::get<0>(content_); }
  const T& value() const { return std::get<0>(content_); }
  const Error& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, Error> content_;
};

}  // namespace kiln
