#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/api/lab.h"
#include "engine/benchmark/spread.h"

namespace kiln {

// What `bench` found out. Times are milliseconds.
struct BenchmarkResults {
  struct Sampling {
    std::string network;
    int sprites, threads;
    std::string precision;
    Spread step, eager_fp32, convolutions;  // of one guided step
  };
  struct Training {
    int threads;
    std::string precision;
    Spread ours, eager_fp32, convolutions;  // images per second
  };
  // So many processes of one thread that train together, beside one process of as many threads.
  struct TrainingInProcesses {
    int processes = 0;
    std::string precision;
    Spread together, threads;  // images per second
  };
  // One network of each family, as another project has it.
  struct Family {
    std::string network;
    int sprites;
    std::string precision;
    Spread step, eager_fp32;  // of one guided step, on one core
  };
  // Whole runs, to the sprites: a distilled model's, and guided ones of the same network undistilled.
  struct FewSteps {
    int sprites, threads, few_steps, many_steps;
    Spread few, many;
  };
  struct OnGpu {
    std::string network;
    int sprites;
    Spread step, eager_bf16, eager_fp32;  // of one guided step: ours in bf16, the network as it is, a plain fp32 program
    std::optional<double> busy;           // share of the time in which the GPU computed while ours ran; where the driver tells
  };
  struct TrainingOnGpu {
    int batch;
    Spread ours, eager_fp32;  // images per second, ours in bf16
  };
  // The same amount of work asked for at once, more and more of it.
  struct Growth {
    int amount;
    Spread each;  // of one sprite's step
  };
  // Two threads while another busy thread wants a core, beside one thread alone.
  struct Contended {
    int sprites = 0, threads = 0;
    Spread step, one_thread;
  };
  // Loss over training steps of the same network on the same batches.
  struct Curves {
    std::vector<double> ours, eager_fp32;
  };

  std::string cpu, load;
  int cores = 0;
  std::vector<Sampling> sampling;
  std::vector<PartTime> parts;  // of a guided step of kTimedSprites sprites on one core
  std::vector<Family> families;
  std::vector<FewSteps> few_steps;
  std::vector<OnGpu> on_gpu;
  std::vector<Training> training;
  TrainingInProcesses training_in_processes;  // no processes: not measured
  std::vector<TrainingOnGpu> training_on_gpu;
  std::vector<Growth> by_sprites, by_steps;
  Contended contended;
  Curves curves;
  Spread first_preview;
  double peak_rss_mb = 0;
  std::string difference_model;  // "" where it was not measured
  double difference = 0;         // of fp32 and bf16 runs, mean per pixel, grey levels
};

std::string benchmark_text(const BenchmarkResults& results);
std::string benchmark_json(const BenchmarkResults& results);

}  // namespace kiln
