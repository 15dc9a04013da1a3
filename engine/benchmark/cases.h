#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/benchmark/comparison.h"
#include "engine/benchmark/results.h"
#include "engine/network/model.h"
#include "engine/training/process_group.h"

namespace kiln {

// One question that `bench` answers: a comparison, and how to read it once it is over.
struct BenchmarkCase {
  Comparison comparison;
  std::function<void(const Comparison& comparison, BenchmarkResults& results)> report;
};

struct BenchmarkScale {
  bool quick = false;
  std::vector<int> threads;  // one, and all

  // As many rounds of measuring as that, or a part of them.
  Comparison comparison(int rounds) const { return Comparison(quick ? (rounds + 3) / 4 : rounds, quick ? 3 : 12); }
};

using SharedModel = std::shared_ptr<const Model>;

// Our step, a plain fp32 program's and the convolutions alone, for each number of threads.
BenchmarkCase sampling_case(const SharedModel& model, int sprites, const BenchmarkScale& scale);
// Our step and a plain fp32 program's of a network with that id and its default parameters, on one core.
BenchmarkCase family_case(const std::string& network, int sprites, const BenchmarkScale& scale);
// What the parts of our guided step take on one core.
BenchmarkCase parts_case(const SharedModel& model, const BenchmarkScale& scale);
// A whole run of a distilled model with such a network, beside the model's own.
BenchmarkCase few_steps_case(const SharedModel& model, const BenchmarkScale& scale);
// Our step on the GPU, the network as it is in bf16 and a plain fp32 program's there.
BenchmarkCase gpu_sampling_case(const SharedModel& model, int sprites, const BenchmarkScale& scale);
// How much of the time the GPU computes in our steps; goes to the row that gpu_sampling_case made.
BenchmarkCase gpu_busy_case(const SharedModel& model, int sprites);
// Whether twice the sprites, and twice the steps, cost twice as much.
BenchmarkCase sprite_growth_case(const SharedModel& model, const BenchmarkScale& scale);
BenchmarkCase step_growth_case(const SharedModel& model, const BenchmarkScale& scale);
// All threads while another one is busy.
BenchmarkCase contended_case(const SharedModel& model, const BenchmarkScale& scale);
// From the request to the first picture.
BenchmarkCase first_preview_case(const SharedModel& model, const BenchmarkScale& scale);
// A run in fp32 and the same in bf16: how far apart their sprites are.
BenchmarkCase difference_case(const SharedModel& model, std::string name, const BenchmarkScale& scale);
// Our training step, a plain fp32 program's and the convolutions alone, for each number of threads.
BenchmarkCase training_case(const SharedModel& model, const BenchmarkScale& scale);
// Training steps that `processes` share, and those of one process with as many threads. join: called once, before the first step,
// for the group whose first this process is; the others are in serve_training().
BenchmarkCase processes_case(const SharedModel& model, int processes, std::function<std::shared_ptr<ProcessGroup>()> join,
                             const BenchmarkScale& scale);
// Another process's part of them; returns once the case is over.
void serve_training(const SharedModel& model, const std::shared_ptr<ProcessGroup>& group);
// The first two of these on the GPU.
BenchmarkCase gpu_training_case(const SharedModel& model, int batch, const BenchmarkScale& scale);
// Both trainings for `steps` steps from the same weights on the same batches of the starter set.
BenchmarkCase loss_curves_case(const SharedModel& model, int steps, const BenchmarkScale& scale);

// A network of the default size for measuring, 64·(1,2,2) at 16×16, with random weights everywhere.
Model make_benchmark_model();
// 16×16 RGBA, the starter set's classes.
Model make_benchmark_model(const std::string& network, const ParamMap& params);

// A few steps of a run of 64 sprites with pictures, to see what memory it takes.
void run_many_sprites(const SharedModel& model);

}  // namespace kiln
