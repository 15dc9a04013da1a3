#pragma once

#include <string>

#include "engine/api/frame.h"
#include "engine/base/error.h"

namespace kiln {

// `error: …` and `hint: …` on stderr.
void print_error(const Error& error);

// A bar with rate and time left on stderr, redrawn in place.
class ProgressBar {
 public:
  // Only draws on a terminal, unless `always`.
  ProgressBar(std::string unit, bool always);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const Progress& progress);
  void clear();  // before anything else is printed
  // A line among the progress, where progress is shown.
  void tell(const std::string& text);

 private:
  std::string unit_;
  bool enabled_;
  bool in_place_;
  bool drawn_ = false;
};

// "4 min 10 s"
std::string duration_text(double seconds);

}  // namespace kiln
