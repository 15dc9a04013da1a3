#include "tests/app/support/fake_training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "engine/base/file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 16, kColumns = 4, kMetricsEvery = 10;
const char* const kNames[] = {"amulet", "bow", "flower", "ghost", "potion", "shield", "slime", "sword"};

double wobble(std::int64_t step, int salt) { return std::sin(static_cast<double>(step) * 12.9898 + salt * 78.233) * 0.5; }

TrainMetrics metrics_at(std::int64_t step, std::int64_t total, const ParamMap& recipe) {
  TrainMetrics m;
  const double t = static_cast<double>(step);
  m.step = step;
  m.total = total;
  m.smoothed_loss = 0.06 + 0.9 * std::exp(-t / 120) + 0.08 * std::exp(-t / 900);
  m.loss = m.smoothed_loss * (1 + 0.25 * wobble(step, 1));
  const bool measured = step % 50 == 0;
  const double none = std::numeric_limits<double>::quiet_NaN();
  m.validation_loss = measured ? m.smoothed_loss * 1.08 + 0.01 : none;
  m.train_eval_loss = measured ? m.smoothed_loss : none;
  for (int level = 0; measured && level < 10; ++level) m.loss_by_noise.push_back(m.smoothed_loss * (1.8 - 0.15 * level));
  const double share = t / static_cast<double>(std::max<std::int64_t>(total, 1));
  m.learning_rate = get_real(recipe, "learning_rate") * std::min(t / 40, 0.5 + 0.5 * std::cos(3.1416 * share));
  m.gradient_norm = 0.3;
  m.images_per_s = 212;
  m.memory_mb = 1240;
  return m;
}

SampleStrip strip_at(std::int64_t step) {
  SampleStrip strip;
  strip.step = step;
  strip.columns = kColumns;
  strip.classes.assign(std::begin(kNames), std::end(kNames));
  for (int kind = 0; kind < static_cast<int>(strip.classes.size()); ++kind) {
    for (int column = 0; column < kColumns; ++column) {
      Image image = fake_sprite(kind, static_cast<std::uint64_t>(column), kSide);
      const Image original = image;
      std::mt19937 random(static_cast<unsigned>(kind * 100 + column));
      const double left = std::exp(-static_cast<double>(step) / (120 + 60 * column));
      for (auto& v : image.rgba) v = static_cast<std::uint8_t>(v * (1 - left) + static_cast<double>(random() % 256) * left);
      strip.sprites.push_back(std::move(image));
      strip.neighbours.push_back({strip.classes[static_cast<std::size_t>(kind)] + "/" + std::to_string(column) + ".png", original,
                                  0.4 * left + 0.05 * column});
    }
  }
  return strip;
}

}  // namespace

Image fake_sprite(int kind, std::uint64_t seed, int side) {
  std::mt19937_64 random(seed * 31 + static_cast<std::uint64_t>(kind));
  Image image(side, side);
  const double hue = kind * 0.61 + static_cast<double>(random() % 100) / 400;
  const double radius = side * (0.28 + 0.12 * static_cast<double>(random() % 100) / 100);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double dx = x + 0.5 - side / 2.0, dy = (y + 0.5 - side / 2.0) * (1 + 0.3 * std::sin(kind));
      const double d = std::hypot(dx, dy);
      if (d > radius) continue;
      const double light = d > radius - 1 ? 0.25 : std::round((1 - (dx + dy + radius) / (3 * radius)) * 4) / 4;
      auto* p = image.pixel(x, y);
      for (int c = 0; c < 3; ++c) {
        p[c] = static_cast<std::uint8_t>(std::clamp(255 * light * (0.55 + 0.45 * std::cos(6.283 * (hue + c / 3.0))), 0.0, 255.0));
      }
      p[3] = 255;
    }
  }
  return image;
}

void fake_recipes(Catalog& c) {
  c.recipe = {
      {.id = "channels",
       .label = "Channels",
       .fallback = "rgba",
       .choices = {"rgba", "rgb"},
       .help = "With or without transparency",
       .group = "Sprites"},
      {.id = "flips", .label = "Mirror", .fallback = "", .help = "Classes whose sprites may be mirrored"},
      {.id = "shift",
       .label = "Shift",
       .unit = "pixels",
       .fallback = 1,
       .max = 8,
       .help = "Largest move of a sprite within its picture"},
      {.id = "network",
       .label = "Network",
       .fallback = "kiln_unet",
       .choices = {"kiln_unet", "sprite_unet"},
       .help = "Which network is trained",
       .group = "Network",
       .of_model = true},
      {.id = "width",
       .label = "Width",
       .unit = "channels",
       .fallback = 64,
       .min = 16,
       .max = 512,
       .help = "Channels at full size",
       .of_model = true},
      {.id = "dropout",
       .label = "Dropout",
       .fallback = 0.1,
       .max = 0.9,
       .help = "Share of activations dropped in training",
       .of_model = true},
      {.id = "features",
       .label = "Features",
       .unit = "channels",
       .fallback = 64,
       .min = 8,
       .max = 1024,
       .help = "Channels at the full size",
       .of_model = true},
      {.id = "schedule",
       .label = "Schedule",
       .fallback = "cosine",
       .choices = {"linear", "cosine"},
       .help = "How noise grows over time",
       .group = "Noise",
       .of_model = true},
      {.id = "timesteps",
       .label = "Noise levels",
       .fallback = 1000,
       .min = 10,
       .max = 10000,
       .help = "Length T of the schedule",
       .of_model = true},
      {.id = "steps",
       .label = "Steps",
       .fallback = 20000,
       .min = 1,
       .max = 10000000,
       .help = "Length of the run",
       .group = "Learning",
       .basic = true,
       .live = true},
      {.id = "batch", .label = "Batch", .unit = "sprites", .fallback = 64, .min = 1, .max = 4096, .help = "Sprites per step"},
      {.id = "learning_rate",
       .label = "Learning rate",
       .fallback = 6e-4,
       .min = 1e-7,
       .max = 0.1,
       .logarithmic = true,
       .help = "At its highest",
       .live = true},
      {.id = "ema_decay",
       .label = "EMA decay",
       .fallback = 0.9995,
       .max = 0.999999,
       .help = "Decay rate of the averaged weights that are kept"},
      {.id = "seed",
       .label = "Seed",
       .fallback = 0,
       .max = 4294967295.0,
       .help = "Of the weights, the order of the data and the noise"},
      {.id = "evaluate_every",
       .label = "Measure every",
       .unit = "steps",
       .fallback = 500,
       .min = 1,
       .max = 1000000,
       .help = "Steps between measurements",
       .group = "Along the way"},
      {.id = "sample_every",
       .label = "Samples every",
       .unit = "steps",
       .fallback = 500,
       .max = 1000000,
       .help = "Steps between rows of samples",
       .live = true}};
  c.recipes = {{"quick",
                "Quick look",
                "A small network and a short run: minutes, to see whether the data suits",
                {{"width", 32}, {"steps", 600}, {"batch", 32}, {"learning_rate", 1e-3}, {"sample_every", 50}}},
               {"standard", "Standard", "The default U-Net and settings", {}},
               {"finetune",
                "Fine-tune a model",
                "Goes on from a model you have, with your own classes; 20 sprites are enough",
                {{"steps", 1500}},
                true}};
  c.networks = {{"kiln_unet", {"width", "dropout"}}, {"sprite_unet", {"features"}}};
}

void FakeTraining::end(JobId job, Outcome outcome, const Error& error) { emit_(JobEnded{job, outcome, error}); }

bool FakeTraining::run(const Command& command) {
  if (const auto* asked = std::get_if<PlanTraining>(&command)) {
    plan(*asked);
  } else if (const auto* begin = std::get_if<StartTraining>(&command)) {
    start(*begin);
  } else if (const auto* listed = std::get_if<ListRuns>(&command)) {
    list(*listed);
  } else if (const auto* opened = std::get_if<OpenRun>(&command)) {
    open(*opened);
  } else if (const auto* asked_elsewhere = std::get_if<ChangeRun>(&command)) {
    end(asked_elsewhere->job, Outcome::kDone);
  } else if (!job_) {
    return false;
  } else if (const auto* changed = std::get_if<ChangeTraining>(&command); changed && changed->target == *job_) {
    change(changed->changes);
  } else if (const auto* cancelled = std::get_if<CancelJob>(&command); cancelled && cancelled->target == *job_) {
    cancel(cancelled->mode);
  } else if (const auto* pause = std::get_if<PauseJob>(&command); pause && pause->target == *job_) {
    paused_ = true;
    emit_(JobPaused{*job_});
  } else if (const auto* resume = std::get_if<ResumeJob>(&command); resume && resume->target == *job_) {
    paused_ = false;
    emit_(JobResumed{*job_});
  } else {
    return false;
  }
  return true;
}

static TrainPlan made_plan(const TrainRequest& request) {
  Catalog c;
  fake_recipes(c);
  TrainPlan plan;
  plan.run = request.run;
  plan.recipe = defaults_of(c.recipe);
  for (const RecipeInfo& recipe : c.recipes) {
    if (recipe.id != request.recipe) continue;
    for (const auto& [id, value] : recipe.values) plan.recipe[id] = value;
  }
  for (const auto& [id, value] : request.overrides) plan.recipe[id] = value;
  const auto width = static_cast<double>(get_int(plan.recipe, "width"));
  plan.parameters = static_cast<std::int64_t>(width * width * 300);
  plan.width = plan.height = kSide;
  plan.classes.assign(std::begin(kNames), std::end(kNames));
  plan.sprites = 760;
  plan.validation = 40;
  plan.total = get_int(plan.recipe, "steps");
  plan.images_per_s = 212 * 1024 / (width * width);
  plan.left_s = static_cast<double>(plan.total * get_int(plan.recipe, "batch")) / plan.images_per_s;
  return plan;
}

void FakeTraining::plan(const PlanTraining& command) {
  if (!fs::exists(command.request.source.path)) {
    end(command.job, Outcome::kFailed,
        {ErrorCode::kNotFound, "there is no folder “" + command.request.source.path + "”", "check the path", ""});
    return;
  }
  emit_(TrainingPlanned{command.job, made_plan(command.request)});
  end(command.job, Outcome::kDone);
}

void FakeTraining::start(const StartTraining& command) {
  request_ = command.request;
  plan_ = made_plan(request_);
  if (request_.resume) {
    std::ifstream file(request_.run + "/fake");
    std::int64_t total = 0;
    file >> plan_.step >> total;
    if (!request_.overrides.contains("steps")) plan_.total = total;
  }
  plan_.recipe["steps"] = plan_.total;
  job_ = command.job;
  paused_ = false;
  write(RunState::kRunning);
  emit_(TrainingStarted{*job_, plan_});
  if (plan_.step == 0) emit_(TrainingStrip{*job_, strip_at(0)});
}

void FakeTraining::change(const ParamMap& changes) {
  for (const auto& [id, value] : changes) plan_.recipe[id] = value;
  plan_.total = get_int(plan_.recipe, "steps");
  emit_(TrainingStarted{*job_, plan_});
}

void FakeTraining::step() {
  ++plan_.step;
  show_({*job_, plan_.step, plan_.total, 6.6, static_cast<double>(plan_.total - plan_.step) / 6.6});
  if (plan_.step % kMetricsEvery == 0) emit_(TrainingMetrics{*job_, metrics_at(plan_.step, plan_.total, plan_.recipe)});
  const std::int64_t every = get_int(plan_.recipe, "sample_every");
  if (every > 0 && plan_.step % every == 0) emit_(TrainingStrip{*job_, strip_at(plan_.step)});
  if (plan_.step < plan_.total) return;
  write(RunState::kFinished);
  write_file(request_.out, std::string("fake"));
  emit_(Exported{*job_, request_.out});
  const JobId ended = *job_;
  job_.reset();
  end(ended, Outcome::kDone);
}

void FakeTraining::cancel(CancelMode mode) {
  const JobId ended = *job_;
  job_.reset();
  write(RunState::kStopped);
  if (mode == CancelMode::kKeep) {
    write_file(request_.out, std::string("fake"));
    emit_(Exported{ended, request_.out});
  }
  if (mode == CancelMode::kDiscard) fs::remove_all(plan_.run);
  end(ended, mode == CancelMode::kKeep ? Outcome::kKept : Outcome::kCancelled);
}

void FakeTraining::suspend() {
  if (job_) cancel(CancelMode::kSuspend);
}

void FakeTraining::write(RunState state) const {
  fs::create_directories(plan_.run);
  std::ofstream(plan_.run + "/fake") << plan_.step << ' ' << plan_.total << ' ' << static_cast<int>(state) << ' ' << request_.out
                                     << '\n';
}

static RunInfo info_of(const std::string& path) {
  RunInfo info;
  info.path = path;
  info.name = fs::path(path).filename().string();
  int state = 0;
  std::ifstream file(path + "/fake");
  file >> info.step >> info.total >> state;
  std::getline(file >> std::ws, info.model);
  info.state = state == static_cast<int>(RunState::kFinished) ? RunState::kFinished : RunState::kStopped;
  info.validation_loss = 0.0834;
  info.data = "/home/artist/sprites";
  info.changed = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) - 4000;
  return info;
}

void FakeTraining::list(const ListRuns& command) {
  RunsListed listed{command.job, {}};
  std::error_code error;
  for (fs::directory_iterator at(command.folder, error), none; !error && at != none; at.increment(error)) {
    listed.runs.push_back(info_of(at->path().string()));
    if (job_ && listed.runs.back().path == plan_.run) listed.runs.back().state = RunState::kRunning;
  }
  std::sort(listed.runs.begin(), listed.runs.end(), [](const RunInfo& a, const RunInfo& b) { return a.name > b.name; });
  emit_(listed);
  end(command.job, Outcome::kDone);
}

void FakeTraining::open(const OpenRun& command) {
  RunOpened opened;
  opened.job = command.job;
  opened.info = info_of(command.run);
  TrainRequest request;
  request.recipe = "quick";
  opened.recipe = made_plan(request).recipe;
  for (std::int64_t step = kMetricsEvery; step <= opened.info.step; step += kMetricsEvery) {
    opened.metrics.push_back(metrics_at(step, opened.info.total, opened.recipe));
    for (double* loss : {&opened.metrics.back().smoothed_loss, &opened.metrics.back().validation_loss}) {
      *loss *= 1 + 0.02 * static_cast<double>(opened.info.name.size() % 7);
    }
  }
  for (std::int64_t step = 0; step <= opened.info.step; step += 50) opened.strips.push_back(strip_at(step));
  emit_(std::move(opened));
  end(command.job, Outcome::kDone);
}

}  // namespace kiln
