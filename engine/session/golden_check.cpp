#include "engine/session/golden_check.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <regex>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/formats/safetensors.h"
#include "engine/inference/make_denoiser.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

// Noise in the order in which a run draws it; the first is x_T.
class RecordedNoise : public NoiseSource {
 public:
  explicit RecordedNoise(std::vector<at::Tensor> draws) : draws_(std::move(draws)) {}
  at::Tensor draw() override {
    if (next_ == draws_.size())
      throw Failure(ErrorCode::kCorrupt, "the golden file holds too little noise for its runs", "make it again");
    return draws_[next_++];
  }

 private:
  std::vector<at::Tensor> draws_;
  std::size_t next_ = 0;
};

// "ddim_eta0.5", "ddpm50.linear.eps" …: a run as its key names it.
struct RunKey {
  std::string prefix;   // the key without ".x_0"
  std::string method;   // "ddpm", "ddim", "dpmpp2m", with a number behind it if there is one
  std::string sampler;  // the id here
  double eta = 0;
  std::string schedule;  // as diffusers names it, or ""
  std::string prediction;
};

std::optional<RunKey> parse_run(const std::string& key) {
  static const std::regex pattern(
      R"(((ddpm|ddim|dpmpp2m)\d*)(_eta(\d+(?:\.\d+)?))?(?:\.(linear|scaled_linear|squaredcos_cap_v2)\.(eps|v|x0))?\.x_0)");
  std::smatch match;
  if (!std::regex_match(key, match, pattern)) return std::nullopt;
  RunKey run{key.substr(0, key.size() - 4), match[1], match[2] == "dpmpp2m" ? "dpmpp_2m" : match[2].str(), 0, match[5], match[6]};
  if (match[4].matched) run.eta = parse_real(match[4].str()).value_or(0);
  return run;
}

// As diffusers keeps it: β and ᾱ rounded to fp32. Where next to no signal is left, ε is divided by so little that the difference
// shows.
NoiseSchedule in_single_precision(NoiseSchedule schedule) {
  double product = 1;
  for (std::size_t t = 0; t < schedule.betas.size(); ++t) {
    const auto beta = static_cast<float>(schedule.betas[t]);
    product *= 1.0F - beta;
    schedule.betas[t] = beta;
    schedule.alphas_bar[t] = static_cast<float>(product);
  }
  return schedule;
}

class GoldenCheck {
 public:
  GoldenCheck(const std::shared_ptr<const Model>& model, const std::filesystem::path& path, MakeDenoiser denoiser_of)
      : model_(*model), file_(read_safetensors(path)), denoiser_of_(std::move(denoiser_of)) {}

  GoldenErrors run() {
    const at::NoGradGuard no_grad;
    if (has("eps") && has("x") && has("t")) check_evaluation();
    check_schedule("");
    check_schedule("ddpm.");
    for (const auto& [key, tensor] : file_.tensors) {
      if (const auto run = parse_run(key)) check_run(*run, key);
    }
    if (found_.empty())
      throw Failure(ErrorCode::kUnsupported, "the golden file holds nothing that can be checked",
                    "it needs x, t and eps, or runs like ddim.x_0");
    return found_;
  }

 private:
  bool has(const std::string& key) const { return file_.tensors.contains(key); }

  at::Tensor tensor(const std::string& key) const {
    const auto found = file_.tensors.find(key);
    if (found == file_.tensors.end())
      throw Failure(ErrorCode::kCorrupt, "the golden file has no tensor “" + key + "”", "make it again");
    return to_tensor(file_, found->second);
  }

  // The first of the keys that is there.
  std::string first_of(const std::vector<std::string>& keys) const {
    for (const auto& key : keys) {
      if (has(key)) return key;
    }
    throw Failure(ErrorCode::kCorrupt, "the golden file has none of the tensors " + joined(keys, ", "), "make it again");
  }

  void record(const std::string& key, const at::Tensor& result, bool whole_run) {
    const at::Tensor expected = tensor(key).to(at::kDouble);
    if (result.sizes() != expected.sizes()) {
      throw Failure(ErrorCode::kInvalidArgument, "“" + key + "” of the golden file has another shape than the model's answer",
                    "verify the model that the file was made for");
    }
    const double error = (result.to(at::kDouble) - expected).abs().max().item<double>();
    found_[key] = {std::isfinite(error) ? error : std::numeric_limits<double>::max(), expected.abs().max().item<double>(),
                   whole_run};
  }

  // x0 = (x - σε) / √ᾱ: each step is judged by how often the rounding of ε is in it.
  void record_steps(const std::string& key, const std::vector<at::Tensor>& x0, const std::vector<int>& timesteps,
                    const NoiseSchedule& schedule) {
    record(key, at::stack(x0), true);
    GoldenError& whole = found_[key];
    const at::Tensor expected = tensor(key).to(at::kDouble);
    double relative = 0;
    for (std::size_t k = 0; k < x0.size(); ++k) {
      const double error = (x0[k].to(at::kDouble) - expected[static_cast<std::int64_t>(k)]).abs().max().item<double>();
      const double signal = std::sqrt(schedule.alphas_bar[static_cast<std::size_t>(timesteps[k])]);
      relative = std::max(relative, GoldenError{error, whole.largest, true, 1 / std::max(signal, 1e-12)}.relative());
    }
    if (relative > 0 && std::isfinite(relative)) whole.amplified = whole.error / relative;
  }

  // Class numbers, with K for the null condition, or weights → [B, K].
  at::Tensor condition(const at::Tensor& given, std::int64_t count) const {
    const auto classes = static_cast<std::int64_t>(model_.classes.size());
    if (!given.defined()) return at::zeros({count, classes});
    if (at::isFloatingType(given.scalar_type())) {
      if (given.dim() != 2 || given.size(0) != count || given.size(1) != classes)
        throw Failure(ErrorCode::kInvalidArgument, "the golden file's conditions are for another number of classes",
                      "verify the model that the file was made for");
      return given.to(at::kFloat);
    }
    at::Tensor weights = at::zeros({count, classes});
    for (std::int64_t i = 0; i < std::min(count, given.numel()); ++i) {
      const auto number = given[i].item<std::int64_t>();
      if (number < 0 || number > classes)
        throw Failure(ErrorCode::kInvalidArgument, "the golden file asks for a class that the model does not have",
                      "verify the model that the file was made for");
      if (number < classes) weights[i][number] = 1;
    }
    return weights;
  }

  void check_evaluation() {
    const at::Tensor x = tensor("x"), given = tensor("t");
    const bool in_steps = !at::isFloatingType(given.scalar_type());
    const at::Tensor t = in_steps ? given.to(at::kFloat) / static_cast<double>(model_.diffusion.schedule.length) : given;
    if (x.dim() != 4 || x.size(1) != model_.shape.channels || t.dim() != 1 || t.size(0) != x.size(0)) {
      throw Failure(ErrorCode::kInvalidArgument, "the golden file's x and t do not fit this model",
                    "verify the model that the file was made for");
    }
    const at::Tensor c = condition(has("c") ? tensor("c") : at::Tensor(), x.size(0));
    const auto denoiser = denoiser_of_(model_);
    std::vector<at::Tensor> results;
    for (std::int64_t i = 0; i < x.size(0); ++i) {  // each at its own time
      const at::Tensor own = c.narrow(0, i, 1);
      denoiser->begin({t[i].item<double>() * model_.diffusion.schedule.length}, own, at::zeros_like(own));
      results.push_back(denoiser->evaluate(x.narrow(0, i, 1), 0, false));
    }
    record("eps", at::cat(results), false);
  }

  // A schedule in the file against the model's own of that length.
  void check_schedule(const std::string& prefix) {
    if (!has(prefix + "betas")) return;
    const auto schedule = own_schedule(static_cast<int>(tensor(prefix + "betas").numel()), model_.diffusion.schedule.kind);
    record(prefix + "betas", at::tensor(schedule.betas, at::kDouble), false);
    if (has(prefix + "posterior_variance"))
      record(prefix + "posterior_variance", at::tensor(posterior_variance(schedule), at::kDouble), false);
  }

  NoiseSchedule own_schedule(int length, ScheduleKind kind) const {
    ScheduleConfig config = model_.diffusion.schedule;
    config.length = length;
    config.kind = kind;
    return make_schedule(config);
  }

  NoiseSchedule schedule_of(const RunKey& run) const {
    for (const auto& key : {run.method + ".betas", std::string("betas")}) {
      if (!has(key)) continue;
      const at::Tensor betas = tensor(key).to(at::kDouble);
      NoiseSchedule schedule;
      double product = 1;
      for (std::int64_t i = 0; i < betas.numel(); ++i) {
        schedule.betas.push_back(betas[i].item<double>());
        schedule.alphas_bar.push_back(product *= 1 - schedule.betas.back());
      }
      return schedule;
    }
    const ScheduleConfig& own = model_.diffusion.schedule;
    const ScheduleKind kind = run.schedule.empty()                  ? own.kind
                              : run.schedule == "squaredcos_cap_v2" ? ScheduleKind::kCosine
                                                                    : parse_schedule_kind(run.schedule);
    return in_single_precision(own_schedule(own.length, kind));
  }

  // The number after “guidance” in the file's description of a run; 1 if it says none.
  double guidance_of(const RunKey& run) const {
    const auto text = file_.metadata.find(run.method);
    if (text == file_.metadata.end()) return 1;
    static const std::regex pattern(R"(guidance ([0-9]+(?:\.[0-9]+)?))");
    std::smatch match;
    return std::regex_search(text->second, match, pattern) ? parse_real(match[1].str()).value_or(1) : 1;
  }

  // As the family's own code samples.
  RunConfig config_of(const RunKey& run, int length) const {
    RunConfig config;
    config.sampler = run.sampler;
    config.guidance.scale = guidance_of(run);
    const bool sprite = model_.network_id == "sprite_unet", diffusers = model_.network_id == "unet2d";
    config.clamp = !sprite && run.sampler != "dpmpp_2m";
    config.epsilon_from_clamped_x0 = false;
    if (run.sampler == "ddpm") config.sampler_params["variance"] = std::string(sprite ? "beta" : "posterior");
    if (run.sampler == "ddim") config.sampler_params["eta"] = run.eta;
    const std::string timesteps = run.method + ".timesteps";
    if (has(timesteps)) {
      const at::Tensor steps = tensor(timesteps).to(at::kLong);
      for (std::int64_t i = 0; i < steps.numel(); ++i) config.timesteps.push_back(static_cast<int>(steps[i].item<std::int64_t>()));
    } else if (run.sampler == "ddpm") {
      config.steps = length;
    } else {
      constexpr int kSteps = 10;
      config.steps = std::min(kSteps, length);
      config.spacing = diffusers ? Spacing::kLeading : Spacing::kTrailing;
    }
    return config;
  }

  // Noise kept by step number (as many as the schedule is long) or in the order of use.
  std::vector<at::Tensor> noise_of(const RunKey& run, const std::string& start, const std::vector<int>& timesteps,
                                   std::size_t length) const {
    std::vector<at::Tensor> draws{tensor(start)};
    const std::string with_eta =
        run.prefix.substr(0, run.prefix.find('.', run.prefix.find("_eta") == std::string::npos ? 0 : run.prefix.find("_eta")));
    for (const auto& key : {with_eta + ".noise", run.method + ".noise", std::string("noise")}) {
      if (!has(key)) continue;
      const at::Tensor noise = tensor(key);
      if (static_cast<std::size_t>(noise.size(0)) == length) {
        for (const int t : timesteps) draws.push_back(noise[t]);
      } else {
        for (std::int64_t k = 0; k < noise.size(0); ++k) draws.push_back(noise[k]);
      }
      break;
    }
    return draws;
  }

  void check_run(const RunKey& run, const std::string& key) {
    const std::string start = first_of({run.method + ".x_T", "x_T"});
    const auto count = tensor(start).size(0);
    const NoiseSchedule schedule = schedule_of(run);
    const RunConfig config = config_of(run, schedule.length());
    Model timed = model_;  // the same network, with the run's number of steps
    timed.diffusion.schedule.length = schedule.length();
    const auto denoiser = denoiser_of_(timed);
    at::Tensor given;
    if (has(run.method + ".class"))
      given = tensor(run.method + ".class");
    else if (has("c"))
      given = tensor("c");
    const auto timesteps =
        config.timesteps.empty() ? spaced_timesteps(config.spacing, schedule.length(), config.steps) : config.timesteps;
    auto noise = std::make_unique<RecordedNoise>(noise_of(run, start, timesteps, static_cast<std::size_t>(schedule.length())));
    const auto prediction = run.prediction.empty() ? model_.diffusion.prediction : parse_prediction(run.prediction);
    DenoisingLoop loop(schedule, prediction, config, *denoiser, condition(given, count), std::move(noise));
    std::vector<at::Tensor> x0;
    while (!loop.done()) {
      loop.step();
      x0.push_back(loop.x0());
    }
    record(key, loop.x(), true);
    if (has(run.prefix + ".x0_every_step")) record_steps(run.prefix + ".x0_every_step", x0, timesteps, schedule);
  }

  const Model& model_;
  const Safetensors file_;
  MakeDenoiser denoiser_of_;
  GoldenErrors found_;
};

}  // namespace

double GoldenError::scale() const { return std::max({whole_run ? 10.0 : 1.0, largest, amplified}); }

GoldenErrors check_golden(const std::shared_ptr<const Model>& model, const std::filesystem::path& golden,
                          const MakeDenoiser& denoiser_of) {
  const auto fastest = [](const Model& of) { return make_denoiser(of, {}); };
  return GoldenCheck(model, golden, denoiser_of ? denoiser_of : fastest).run();
}

}  // namespace kiln
