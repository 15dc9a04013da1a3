#include "app/state/notices.h"

#include <utility>

namespace kiln {

void Notices::add(NoticeKind kind, std::string message, std::string hint) {
  std::erase_if(shown_, [&](const Notice& n) { return n.message == message; });
  if (shown_.size() == kMost) shown_.erase(shown_.begin());
  shown_.push_back({next_++, kind, std::move(message), std::move(hint)});
}

void Notices::dismiss(std::uint64_t id) {
  std::erase_if(shown_, [id](const Notice& n) { return n.id == id; });
}

void Notices::clear_all_but_errors() {
  std::erase_if(shown_, [](const Notice& n) { return n.kind != NoticeKind::kError; });
}

}  // namespace kiln
