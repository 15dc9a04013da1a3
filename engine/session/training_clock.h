#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "engine/training/trainer.h"

namespace kiln {

// How fast a run goes, from the time that its own work takes: pauses, other jobs and saves do not count. Training is measured over
// the last seconds of it; measurements and strips, which come now and then, by the newest of each.
class TrainingClock {
 public:
  using Seconds = std::chrono::duration<double>;

  void worked(Trainer::Work work, Seconds time) {
    if (work == Trainer::Work::kTraining) training_ += time;
    if (work == Trainer::Work::kMeasuring) measuring_ += time;
  }
  void drew(Seconds time) { drawing_ += time; }
  void judged(Seconds time) { judging_ += time; }  // of an evaluation

  // A step was done.
  void step_done(std::int64_t step) {
    marks_.push_back({training_, step});
    while (marks_.size() > 2 && training_ - marks_.front().at > kWindow) marks_.pop_front();
  }
  void measured() { last_measuring_ = std::exchange(measuring_, Seconds{}); }
  void drawn() { last_drawing_ = std::exchange(drawing_, Seconds{}); }
  void evaluated() { last_judging_ = std::exchange(judging_, Seconds{}); }
  // Speeds of before no longer hold.
  void restart() { marks_.clear(); }

  double steps_per_s() const {  // 0 while unknown
    if (marks_.size() < 2) return 0;
    const double seconds = (marks_.back().at - marks_.front().at).count();
    return seconds > 0 ? static_cast<double>(marks_.back().step - marks_.front().step) / seconds : 0;
  }
  // Below 0 while unknown. The last three: how often these will still come.
  double left_s(std::int64_t steps, std::int64_t measurements, std::int64_t strips, std::int64_t evaluations) const {
    const double rate = steps_per_s();
    if (rate <= 0) return -1;
    return static_cast<double>(steps) / rate + static_cast<double>(measurements) * last_measuring_.count() +
           static_cast<double>(strips) * last_drawing_.count() + static_cast<double>(evaluations) * last_judging_.count();
  }

 private:
  static constexpr Seconds kWindow{20};
  struct Mark {
    Seconds at;  // of training time
    std::int64_t step;
  };
  std::deque<Mark> marks_;
  Seconds training_{}, measuring_{}, drawing_{}, judging_{}, last_measuring_{}, last_drawing_{}, last_judging_{};
};

}  // namespace kiln
