#pragma once

#include <set>
#include <vector>

namespace kiln {

enum class Direction { kLeft, kRight, kUp, kDown };

// Which sprites of the grid are selected, as file managers do it. The current one is shown large, and keys start from it.
class GridSelection {
 public:
  int current() const { return current_; }
  const std::set<int>& selected() const { return selected_; }
  bool has(int index) const { return selected_.contains(index); }
  std::vector<int> places() const { return {selected_.begin(), selected_.end()}; }
  std::vector<int> pair() const;  // where two are selected: they, the current one last; else none

  void select(int index);     // it alone: a click
  void toggle(int index);     // a click with Ctrl
  void extend_to(int index);  // from where the last range began: a click with Shift
  // The cells under a rubber band; `add`: to those that were selected when it began.
  void begin_band() { before_band_ = selected_; }
  void band(const std::vector<int>& under, bool add);
  void select_all(int count);
  void clear();  // the current one stays

  // To the neighbour in a grid of `count` cells with so many in a row; `extend`: selects all on the way.
  void move(Direction direction, int columns, int count, bool extend);

  // The same sprites in other places.
  void restore(std::set<int> selected, int current);
  // Other sprites: nothing is selected, and the first is current.
  void reset();
  // There are only `count` left.
  void fit(int count);

 private:
  int current_ = 0;
  int anchor_ = 0;
  std::set<int> selected_;
  std::set<int> before_band_;
};

}  // namespace kiln
