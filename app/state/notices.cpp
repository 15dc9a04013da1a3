#include "app/state/notices.h"

#include <algorithm>
#include <utility>

namespace kiln {

std::string whole_text(const Notice& notice) {
  std::string text = notice.message;
  for (const std::string* more : {&notice.hint, &notice.detail}) {
    if (!more->empty()) text += "\n" + *more;
  }
  return text;
}

void Notices::add(NoticeKind kind, std::string message, std::string hint, std::string detail) {
  std::erase_if(shown_, [&](const Notice& n) { return n.message == message; });
  const auto older = [](const Notice& a, const Notice& b) { return a.id < b.id; };
  if (shown_.size() == kMost) shown_.erase(std::min_element(shown_.begin(), shown_.end(), older));
  shown_.push_back({next_++, kind, std::move(message), std::move(hint), std::move(detail)});
}

void Notices::dismiss(std::uint64_t id) {
  std::erase_if(shown_, [id](const Notice& n) { return n.id == id; });
}

void Notices::show_next() {
  if (!shown_.empty()) std::rotate(shown_.begin(), shown_.end() - 1, shown_.end());
}

void Notices::clear_all_but_errors() {
  std::erase_if(shown_, [](const Notice& n) { return n.kind != NoticeKind::kError; });
}

}  // namespace kiln
