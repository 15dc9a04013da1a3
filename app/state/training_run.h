#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/state/series.h"
#include "engine/api/event.h"

namespace kiln {

// What a run measured, ready to be drawn. One that is a million steps long takes no more memory than one of a few thousand.
struct TrainingHistory {
  std::vector<Series> series{train_metrics().size()};  // of each of train_metrics()
  std::vector<double> by_noise_first, by_noise;        // losses by noise level: measured first, measured last
  std::optional<TrainMetrics> newest;                  // of each number the last one that was measured

  void add(const TrainMetrics& metrics);
  const Series& of(double TrainMetrics::*metric) const;
};

// The sample strips of a run through time. Of more than can be kept, every other one is.
class SampleHistory {
 public:
  static constexpr std::size_t kMostSnapshots = 400;
  static constexpr std::size_t kMostBytes = std::size_t{128} << 20;

  struct Snapshot {
    std::uint64_t id = 0;           // never twice in one program
    SampleStrip strip;              // the pictures of its neighbours are in
    std::vector<Image> neighbours;  // as large as the samples; empty ones where there is none
  };

  // One whose step is not beyond the last one's takes back those at or after it.
  void add(SampleStrip strip);

  const std::vector<Snapshot>& snapshots() const { return snapshots_; }  // in order of steps
  bool empty() const { return snapshots_.empty(); }
  // The one whose step is nearest to `step`. There must be one.
  const Snapshot& nearest(std::int64_t step) const;

 private:
  void thin_out();

  std::vector<Snapshot> snapshots_;
  std::size_t bytes_ = 0;
};

// A run as the window shows it, under way or from its folder.
struct TrainingRun {
  std::string path;   // its folder
  std::string name;   // the folder's
  std::string model;  // the file that it writes
  std::string data;   // where its sprites came from
  RunState state = RunState::kRunning;
  std::int64_t step = 0, total = 0;
  bool writable = false;          // of a run that another program trains: whether its folder can be written from here
  ParamMap recipe;                // empty while unknown
  std::optional<TrainPlan> plan;  // of a run that was started in this window
  TrainingHistory history;
  SampleHistory strips;
};

// Of all that was measured and sampled in the run's folder.
TrainingRun run_from(RunOpened&& opened);

// The folder's name.
std::string run_name(const std::string& path);

}  // namespace kiln
