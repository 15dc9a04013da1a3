#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace kiln {

enum class NoticeKind { kInfo, kDone, kError };

// One line to the artist, with what to do about it.
struct Notice {
  std::uint64_t id = 0;
  NoticeKind kind = NoticeKind::kInfo;
  std::string message;
  std::string hint;
  std::string detail;  // for a report: what the library or the system said; may be empty
};

// All of it, each on a line of its own: message, hint, detail.
std::string whole_text(const Notice& notice);

// What the window tells. The last one is shown: the newest, until the artist looks at others. At most `kMost` are kept, then the
// oldest goes; the same message is told once, as the newest.
class Notices {
 public:
  static constexpr std::size_t kMost = 3;

  void add(NoticeKind kind, std::string message, std::string hint = {}, std::string detail = {});
  void add(const Error& error) { add(NoticeKind::kError, error.message, error.hint, error.detail); }
  void dismiss(std::uint64_t id);
  // The one before the last becomes the last; as many times as there are, and all is as it was.
  void show_next();
  // What was told is old news once the artist goes on; errors stay until they are dismissed.
  void clear_all_but_errors();

  const std::vector<Notice>& shown() const { return shown_; }

 private:
  std::vector<Notice> shown_;
  std::uint64_t next_ = 1;
};

}  // namespace kiln
