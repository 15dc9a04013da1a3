#if SPRITEKILN_ONEDNN

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "engine/base/error.h"
#include "engine/inference/cpu_plan.h"
#include "engine/inference/make_denoiser.h"
#include "engine/inference/modulation_table.h"
#include "engine/inference/worker_pool.h"

namespace kiln {
namespace {

// All that a step reads and writes. A thread that was left behind may still hold it when the run has long gone on.
struct StepData {
  std::shared_ptr<const CpuPlan> plan;
  at::Tensor x;           // [B, C, H, W]
  at::Tensor modulation;  // [conditions, M]
  std::vector<int> rows;  // of each picture's modulation
  at::Tensor out;         // [B or 2B, O, H, W]
  bool guided;
};

struct Worker {
  std::unique_ptr<PlanWorkspace> workspace;
  std::vector<CpuPlan::Picture> pictures;
  at::Tensor result;  // [pictures, O, H, W]
};

// How a step is cut up: into groups of sprites with both their halves, which share what depends on x alone; or, for fewer sprites
// than threads, into single halves.
struct Cut {
  int sprites, halves;  // of a task

  Cut(int all, bool guided, int workers) {
    constexpr int kTasksPerWorker = 2;
    halves = guided && all >= workers ? 2 : 1;
    const int most = CpuPlan::kMostPictures / halves;
    const int even = workers == 1 ? most : (all + workers * kTasksPerWorker - 1) / (workers * kTasksPerWorker);
    sprites = guided && halves == 1 ? 1 : std::clamp(even, 1, most);
  }
};

class StepRound : public WorkerPool::Round {
 public:
  StepRound(StepData data, std::shared_ptr<std::vector<Worker>> workers, Cut cut)
      : Round(tasks_of(data, cut)),
        data_(std::move(data)),
        workers_(std::move(workers)),
        cut_(cut),
        sprites_(static_cast<int>(data_.x.size(0))),
        x_size_(data_.x[0].numel()),
        out_size_(data_.out[0].numel()) {}

 protected:
  void compute(int task, int worker) override {
    Worker& own = (*workers_)[static_cast<std::size_t>(worker)];
    own.pictures.clear();
    const Range range = range_of(task);
    for (int i = 0; i < range.rows * cut_.halves; ++i) {
      const int row = row_of(range, i);
      const int table_row = data_.rows[static_cast<std::size_t>(row)];
      own.pictures.push_back({data_.x.data_ptr<float>() + x_size_ * (row % sprites_),
                              data_.modulation.data_ptr<float>() + table_row * data_.modulation.size(1),
                              own.result.data_ptr<float>() + i * out_size_});
    }
    data_.plan->run(*own.workspace, own.pictures, range.rows, [&] { return settled(task); });
  }

  void publish(int task, int worker) override {
    const float* const from = (*workers_)[static_cast<std::size_t>(worker)].result.data_ptr<float>();
    const Range range = range_of(task);
    for (int i = 0; i < range.rows * cut_.halves; ++i) {
      std::memcpy(data_.out.data_ptr<float>() + out_size_ * row_of(range, i), from + i * out_size_,
                  static_cast<std::size_t>(out_size_) * sizeof(float));
    }
  }

 private:
  struct Range {
    int first, rows;  // of the result, in its first half if the task has both
  };

  static int tasks_of(const StepData& data, Cut cut) {
    const auto rows = static_cast<int>(cut.halves == 2 ? data.x.size(0) : data.out.size(0));
    return (rows + cut.sprites - 1) / cut.sprites;
  }

  Range range_of(int task) const {
    const auto rows = cut_.halves == 2 ? sprites_ : static_cast<int>(data_.out.size(0));
    const int first = task * cut_.sprites;
    return {first, std::min(cut_.sprites, rows - first)};
  }

  // The result's row of a task's picture `index`: first one half, then the other.
  int row_of(Range range, int index) const { return range.first + index % range.rows + index / range.rows * sprites_; }

  StepData data_;
  std::shared_ptr<std::vector<Worker>> workers_;
  Cut cut_;
  int sprites_;
  std::int64_t x_size_, out_size_;  // numbers of one picture
};

class PlannedDenoiser : public Denoiser {
 public:
  PlannedDenoiser(const NetworkGraph& graph, const Model& model, const DenoiserOptions& options)
      : plan_(std::make_shared<CpuPlan>(graph, model.shape, CpuPlanOptions{options.bf16, true, options.tiling})),
        table_(model.network, graph),
        steps_(model.diffusion.schedule.length),
        outputs_(model.shape.output_channels()),
        workers_(std::make_shared<std::vector<Worker>>()),
        pool_(std::max(1, options.threads)) {
    for (int i = 0; i < pool_.workers(); ++i) {
      workers_->push_back(
          {plan_->make_workspace(), {}, at::empty({CpuPlan::kMostPictures, outputs_, model.shape.height, model.shape.width})});
    }
  }

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    std::vector<double> times;
    times.reserve(timesteps.size());
    for (const double t : timesteps) times.push_back(t / steps_);
    table_.begin(std::move(times), at::cat({condition, negative}));
    table_.rows(0);
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const auto sprites = static_cast<int>(x.size(0));
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape[0] *= guided ? 2 : 1;
    shape[1] = outputs_;
    StepData data{plan_, x.to(at::kFloat).contiguous().clone(), table_.rows(step), {}, at::empty(shape, at::kFloat), guided};
    for (int i = 0; i < (guided ? 2 : 1) * sprites; ++i) data.rows.push_back(table_.row_of(i));
    at::Tensor out = data.out;
    pool_.run(std::make_shared<StepRound>(std::move(data), workers_, Cut(sprites, guided, pool_.workers())));
    return out;
  }

 private:
  std::shared_ptr<const CpuPlan> plan_;
  ModulationTable table_;
  double steps_;
  int outputs_;
  std::shared_ptr<std::vector<Worker>> workers_;
  WorkerPool pool_;
};

}  // namespace

std::unique_ptr<Denoiser> make_planned_denoiser(const Model& model, const DenoiserOptions& options) {
  if (!options.device.is_cpu()) return nullptr;
  try {
    return std::make_unique<PlannedDenoiser>(model.network->graph(), model, options);
  } catch (const dnnl::error&) {
    return nullptr;  // no such convolution on this processor
  }
}

}  // namespace kiln

#else

#include "engine/inference/make_denoiser.h"

namespace kiln {

std::unique_ptr<Denoiser> make_planned_denoiser(const Model&, const DenoiserOptions&) { return nullptr; }

}  // namespace kiln

#endif
