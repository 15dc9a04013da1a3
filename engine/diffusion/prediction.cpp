#include "engine/diffusion/prediction.h"

#include <cmath>
#include <string>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

Prediction parse_prediction(std::string_view name) {
  if (name == "eps") return Prediction::kEpsilon;
  if (name == "v") return Prediction::kV;
  if (name == "x0") return Prediction::kX0;
  throw Failure(ErrorCode::kInvalidArgument, "there is no prediction “" + std::string(name) + "”",
                name_hint(name, {"eps", "v", "x0"}));
}

std::string_view to_string(Prediction prediction) {
  switch (prediction) {
    case Prediction::kEpsilon:
      return "eps";
    case Prediction::kV:
      return "v";
    case Prediction::kX0:
      return "x0";
  }
  return "";
}

// Products and sums stay separate operations: each is then rounded the same way in a vector register and in a loop's tail, and
// a sprite does not depend on where in a batch it lies.
at::Tensor predicted_x0(Prediction prediction, const at::Tensor& output, const at::Tensor& x_t, double alpha_bar) {
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  switch (prediction) {
    case Prediction::kEpsilon:
      if (alpha_bar <= 0) {
        throw Failure(ErrorCode::kInvalidArgument, "a network that predicts ε cannot start from a level without any signal",
                      "use a v or x0 model, or a schedule without zero terminal SNR");
      }
      return x_t * (1 / signal) - output * (noise / signal);
    case Prediction::kV:
      return x_t * signal - output * noise;
    case Prediction::kX0:
      break;
  }
  return output;
}

at::Tensor predicted_epsilon(Prediction prediction, const at::Tensor& output, const at::Tensor& x_t, double alpha_bar) {
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  switch (prediction) {
    case Prediction::kX0:
      if (alpha_bar >= 1) {
        throw Failure(ErrorCode::kInvalidArgument, "there is no ε at a level without any noise",
                      "use a schedule with every β above 0");
      }
      return (x_t - output * signal) * (1 / noise);
    case Prediction::kV:
      return x_t * noise + output * signal;
    case Prediction::kEpsilon:
      break;
  }
  return output;
}

}  // namespace kiln
