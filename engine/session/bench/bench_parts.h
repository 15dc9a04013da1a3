#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/network/model.h"
#include "engine/session/bench/bench_results.h"
#include "engine/session/bench/contest.h"

namespace kiln {

// One question that `bench` answers: a contest, and how to read it once it is over.
struct BenchPart {
  Contest contest;
  std::function<void(const Contest& contest, BenchResults& results)> report;
};

struct BenchScale {
  bool quick = false;
  std::vector<int> threads;  // one, and all

  // As many rounds of measuring as that, or a part of them.
  Contest contest(int rounds) const { return Contest(quick ? (rounds + 3) / 4 : rounds, quick ? 3 : 12); }
};

using SharedModel = std::shared_ptr<const Model>;

// Our step, a plain fp32 program's and the convolutions alone, for each number of threads.
BenchPart sampling_part(SharedModel model, int sprites, const BenchScale& scale);
// Our step on the GPU, the network as it is in bf16 and a plain fp32 program's there.
BenchPart gpu_sampling_part(SharedModel model, int sprites, const BenchScale& scale);
// How much of the time the GPU computes in our steps; goes to the row that gpu_sampling_part made.
BenchPart gpu_busy_part(SharedModel model, int sprites);
// Whether twice the sprites, and twice the steps, cost twice as much.
BenchPart sprite_growth_part(SharedModel model, const BenchScale& scale);
BenchPart step_growth_part(SharedModel model, const BenchScale& scale);
// All threads while another one is busy.
BenchPart contended_part(SharedModel model, const BenchScale& scale);
// From the request to the first picture.
BenchPart first_preview_part(SharedModel model, const BenchScale& scale);
// A run in fp32 and the same in bf16: how far apart their sprites are.
BenchPart difference_part(SharedModel model, std::string name, const BenchScale& scale);
// Our training step, a plain fp32 program's and the convolutions alone, for each number of threads.
BenchPart training_part(SharedModel model, const BenchScale& scale);
// The first two of these on the GPU.
BenchPart gpu_training_part(SharedModel model, int batch, const BenchScale& scale);
// Both trainings for `steps` steps from the same weights on the same batches of the starter set.
BenchPart loss_curves_part(SharedModel model, int steps, const BenchScale& scale);

// A network of the default size for measuring, 64·(1,2,2) at 16×16, with random weights everywhere.
Model make_bench_model();

// A few steps of a run of 64 sprites with pictures, to see what memory it takes.
void run_many_sprites(const SharedModel& model);

}  // namespace kiln
