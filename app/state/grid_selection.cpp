#include "app/state/grid_selection.h"

#include <algorithm>
#include <utility>

namespace kiln {

std::vector<int> GridSelection::pair() const {
  if (selected_.size() != 2) return {};
  std::vector<int> both = places();
  if (both.front() == current_) std::swap(both.front(), both.back());
  return both;
}

void GridSelection::select(int index) {
  selected_ = {index};
  current_ = anchor_ = index;
}

void GridSelection::toggle(int index) {
  if (selected_.erase(index) == 0) selected_.insert(index);
  current_ = anchor_ = index;
}

void GridSelection::extend_to(int index) {
  selected_.clear();
  for (int i = std::min(anchor_, index); i <= std::max(anchor_, index); ++i) selected_.insert(i);
  current_ = index;
}

void GridSelection::band(const std::vector<int>& under, bool add) {
  selected_ = add ? before_band_ : std::set<int>();
  selected_.insert(under.begin(), under.end());
  if (!under.empty()) current_ = anchor_ = under.back();
}

void GridSelection::select_all(int count) {
  for (int i = 0; i < count; ++i) selected_.insert(i);
}

void GridSelection::clear() {
  selected_.clear();
  anchor_ = current_;
}

void GridSelection::move(Direction direction, int columns, int count, bool extend) {
  if (count < 1) return;
  const int step = direction == Direction::kLeft    ? -1
                   : direction == Direction::kRight ? 1
                   : direction == Direction::kUp    ? -columns
                                                    : columns;
  const int to = current_ + step;
  // Left and right go on in the row before or after; up and down stop at the edge.
  const int next = to >= 0 && to < count ? to : current_;
  if (extend) {
    extend_to(next);
  } else {
    select(next);
  }
}

void GridSelection::restore(std::set<int> selected, int current) {
  selected_ = std::move(selected);
  current_ = anchor_ = current;
}

void GridSelection::reset() { *this = {}; }

void GridSelection::fit(int count) {
  current_ = std::clamp(current_, 0, std::max(0, count - 1));
  anchor_ = std::clamp(anchor_, 0, std::max(0, count - 1));
  selected_.erase(selected_.lower_bound(count), selected_.end());
}

}  // namespace kiln
