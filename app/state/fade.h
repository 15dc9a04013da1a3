#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/api/frame.h"

namespace kiln {

// How the sprites of one run formed: the prediction x0 of its steps, as pixels. Of a long run it keeps every second, every fourth …
// step, so that it never holds more than so many bytes.
class Fade {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;

  // level: of the noise that the run began with, 1 from noise alone.
  explicit Fade(double level = 1, std::size_t most_bytes = kMostBytes) : level_(level), most_bytes_(most_bytes) {}

  // A later step of the same run; another one's is passed over.
  void add(const Frame& frame);

  bool empty() const { return steps_.empty(); }
  const std::vector<int>& steps() const { return steps_; }  // that are kept, in order
  int total() const { return total_; }                      // of the run
  std::size_t bytes() const { return steps_.size() * frame_bytes_; }

  // The newest step kept that is not after `step`, or else the first; 0 without any.
  int kept_step(int step) const;
  // Sprite `index` as it was at kept_step(step); empty without any.
  std::span<const std::uint8_t> pixels(int index, int step) const;

  // Of the noise that is left after `step`, as a share of all: 0 at the end.
  double level_after(int step) const;

 private:
  void thin();
  std::size_t place_of(int step) const;  // of kept_step(step)

  double level_;
  std::size_t most_bytes_;
  int count_ = 0;
  int total_ = 0;
  std::size_t frame_bytes_ = 0;
  std::size_t seen_ = 0;
  std::size_t stride_ = 1;  // every so many that were seen are kept
  std::vector<int> steps_;
  std::vector<std::vector<std::uint8_t>> frames_;
};

}  // namespace kiln
