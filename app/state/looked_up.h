#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kiln {

// What was found on disk for a name, looked up again only when the name is another or the disk may have changed.
template <class Found>
class LookedUp {
 public:
  // `changes` is another number whenever the disk may have changed.
  template <class Look>
  const Found& get(const std::string& name, std::uint64_t changes, Look look) {
    if (!found_ || name != name_ || changes != changes_) {
      found_ = look(name);
      name_ = name;
      changes_ = changes;
    }
    return *found_;
  }

 private:
  std::string name_;
  std::uint64_t changes_ = 0;
  std::optional<Found> found_;
};

}  // namespace kiln
