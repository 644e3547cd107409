"""Formulas as cards have them: drawn, on one line, or refused in one sentence."""

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.errors import FormulaError
from interview_cli.formula import PAD, block, line, width

# What it is: the LaTeX, the one line, the drawing (its rows without the spaces at their ends).
FORMULAS = {
    "softmax": (
        r"\mathrm{softmax}(x)_i=\frac{e^{x_i}}{\sum_{j=1}^{K}e^{x_j}}",
        "softmax(x)ᵢ=(e^(xᵢ))/(∑ⱼ₌₁ᴷe^(xⱼ))",
        """
                           xᵢ
                          e
            softmax(x)ᵢ=╶──────╴
                          K
                         ┰─╴ xⱼ
                         ▐╸ e
                         ┸─╴
                         ʲ⁼¹
        """,
    ),
    "stable softmax": (
        r"\frac{\exp(x_i-\max_j x_j)}{\sum_k\exp(x_k-\max_j x_j)}",
        "exp(xᵢ-maxⱼ xⱼ)/(∑ₖ exp(xₖ-maxⱼ xⱼ))",
        """
               exp(xᵢ-maxⱼxⱼ)
            ╶──────────────────╴
             ┰─╴
             ▐╸  exp(xₖ-maxⱼxⱼ)
             ┸─╴
              ᵏ
        """,
    ),
    "log-sum-exp": (
        r"\log\sum_i e^{x_i}=m+\log\sum_i e^{x_i-m}",
        "log ∑ᵢe^(xᵢ)=m+log ∑ᵢe^(xᵢ-m)",
        """
               ┰─╴ xᵢ      ┰─╴ xᵢ-m
            log▐╸ e  =m+log▐╸ e
               ┸─╴         ┸─╴
                ⁱ           ⁱ
        """,
    ),
    "batch norm": (
        r"\hat x=\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}",
        "x̂=(x-μ)/(√(σ²+ϵ))",
        """
                 x-μ
            x̂=╶───────╴
                ┌────╴
               ╰┘σ²+ϵ
        """,
    ),
    "layer norm": (
        r"\mathrm{LN}(x)=\gamma\odot\frac{x-\mathrm{E}[x]}{\sqrt{\mathrm{Var}[x]+\epsilon}}+\beta",
        "LN(x)=γ⊙(x-E[x])/(√(Var[x]+ϵ))+β",
        """
                       x-E[x]
            LN(x)=γ⊙╶───────────╴+β
                      ┌────────╴
                     ╰┘Var[x]+ϵ
        """,
    ),
    "RMS norm": (
        r"y_i=\frac{x_i}{\sqrt{\frac1d\sum_j x_j^2+\epsilon}}\gamma_i",
        "yᵢ=xᵢ/(√(1/d ∑ⱼxⱼ²+ϵ)) γᵢ",
        """
                     xᵢ
            yᵢ=╶─────────────╴γᵢ
                 ┌──────────╴
                 │ 1 ┰─╴ ₂
                 │╶─╴▐╸ x +ϵ
                 │ d ┸─╴ ʲ
                ╰┘    ʲ
        """,
    ),
    "Adam moments": (
        r"m_t=\beta_1 m_{t-1}+(1-\beta_1)g_t",
        "mₜ=β₁mₜ₋₁+(1-β₁)gₜ",
        """
            mₜ=β₁mₜ₋₁+(1-β₁)gₜ
        """,
    ),
    "Adam bias correction": (
        r"\hat m_t=\frac{m_t}{1-\beta_1^t}",
        "m̂ₜ=mₜ/(1-β₁ᵗ)",
        """
                 mₜ
            m̂ₜ=╶────╴
                   ₜ
                1-β
                   ¹
        """,
    ),
    "Adam step": (
        r"\theta_{t+1}=\theta_t-\eta\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}",
        "θₜ₊₁=θₜ-ηm̂ₜ/(√(v̂ₜ)+ϵ)",
        """
                        m̂ₜ
            θₜ₊₁=θₜ-η╶───────╴
                       ┌──╴
                      ╰┘v̂ₜ +ϵ
        """,
    ),
    "Xavier": (
        r"\mathrm{Var}(W)=\frac{2}{n_{\text{in}}+n_{\text{out}}}",
        "Var(W)=2/(nᵢₙ+nₒᵤₜ)",
        """
                       2
            Var(W)=╶────────╴
                    nᵢₙ+nₒᵤₜ
        """,
    ),
    "Xavier uniform": (
        r"W\sim U\left[-\sqrt{\frac{6}{n_{in}+n_{out}}},\sqrt{\frac{6}{n_{in}+n_{out}}}\right]",
        "W∼U[-√(6/(nᵢₙ+nₒᵤₜ)),√(6/(nᵢₙ+nₒᵤₜ))]",
        """
               ⎡  ┌──────────╴  ┌──────────╴⎤
               ⎢  │    6        │    6      ⎥
            W∼U⎢- │╶────────╴ , │╶────────╴ ⎥
               ⎣ ╰┘ nᵢₙ+nₒᵤₜ   ╰┘ nᵢₙ+nₒᵤₜ  ⎦
        """,
    ),
    "cross-entropy": (
        r"L=-\sum_{c=1}^{C}y_c\log\hat y_c",
        "L=-∑_(c=1)^C y_c log ŷ_c",
        """
                C
               ┰─╴
            L=-▐╸ y  log ŷ
               ┸─╴ ᶜ      ᶜ
               ᶜ⁼¹
        """,
    ),
    "binary cross-entropy": (
        r"-\frac1N\sum_{i=1}^N\left[y_i\log p_i+(1-y_i)\log(1-p_i)\right]",
        "-1/N ∑ᵢ₌₁ᴺ[yᵢ log pᵢ+(1-yᵢ) log(1-pᵢ)]",
        """
                 N
              1 ┰─╴
            -╶─╴▐╸ [yᵢ log pᵢ+(1-yᵢ) log(1-pᵢ)]
              N ┸─╴
                ⁱ⁼¹
        """,
    ),
    "gradient of softmax and cross-entropy": (
        r"\frac{\partial L}{\partial x_i}=p_i-y_i",
        "∂L/∂xᵢ=pᵢ-yᵢ",
        """
             ∂L
            ╶───╴=pᵢ-yᵢ
             ∂xᵢ
        """,
    ),
    "KL divergence": (
        r"D_{KL}(P\|Q)=\sum_x P(x)\log\frac{P(x)}{Q(x)}",
        "D_(KL)(P∥Q)=∑ₓP(x) log P(x)/Q(x)",
        """
                     ┰─╴         P(x)
            D  (P∥Q)=▐╸ P(x) log╶────╴
             ᴷᴸ      ┸─╴         Q(x)
                      ˣ
        """,
    ),
    "focal loss": (
        r"-\alpha(1-p_t)^\gamma\log p_t",
        "-α(1-pₜ)^γ log pₜ",
        """
            -α(1-pₜ)ᵞ log pₜ
        """,
    ),
    "attention": (
        r"\mathrm{Attention}(Q,K,V)=\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        "Attention(Q,K,V)=softmax(QKᵀ/(√(dₖ)))V",
        """
                                    ⎛    ⊤  ⎞
                                    ⎜  QK   ⎟
            Attention(Q,K,V)=softmax⎜╶─────╴⎟V
                                    ⎜  ┌──╴ ⎟
                                    ⎝ ╰┘dₖ  ⎠
        """,
    ),
    "convolution output": (
        r"\left\lfloor\frac{H+2p-d(k-1)-1}{s}\right\rfloor+1",
        "⌊(H+2p-d(k-1)-1)/s⌋+1",
        """
            ⎢ H+2p-d(k-1)-1 ⎥
            ⎢╶─────────────╴⎥+1
            ⎣       s       ⎦
        """,
    ),
    "ReLU in cases": (
        r"f(x)=\begin{cases}x & x>0\\\alpha x & x\le 0\end{cases}",
        "f(x)={x, x>0; αx, x≤0}",
        """
                 ⎧x   x>0
            f(x)=⎩αx  x≤0
        """,
    ),
    "aligned lines": (
        r"\begin{aligned}\mu&=\frac1m\sum_i x_i\\\sigma^2&=\frac1m\sum_i(x_i-\mu)^2\end{aligned}",
        "μ=1/m ∑ᵢxᵢ; σ²=1/m ∑ᵢ(xᵢ-μ)²",
        """
                1 ┰─╴
             μ=╶─╴▐╸ xᵢ
                m ┸─╴
                   ⁱ

                1 ┰─╴
            σ²=╶─╴▐╸ (xᵢ-μ)²
                m ┸─╴
                   ⁱ
        """,
    ),
    "aligned lines with space": (
        r"\begin{aligned}a&=b\\[4pt]c+d&=e\end{aligned}",
        "a=b; c+d=e",
        """
              a=b

            c+d=e
        """,
    ),
    "matrix": (
        r"\begin{pmatrix}\cos\theta & -\sin\theta\\\sin\theta & \cos\theta\end{pmatrix}",
        "[cos θ, -sin θ; sin θ, cos θ]",
        """
            ⎛ cos θ -sin θ⎞
            ⎝sin θ  cos θ ⎠
        """,
    ),
    "bracket matrix": (
        r"A=\begin{bmatrix}1 & 0\\0 & 1\end{bmatrix}",
        "A=[1, 0; 0, 1]",
        """
              ⎡1 0⎤
            A=⎣0 1⎦
        """,
    ),
    "sigmoid": (
        r"\sigma(x)=\frac{1}{1+e^{-x}}",
        "σ(x)=1/(1+e⁻ˣ)",
        """
                    1
            σ(x)=╶─────╴
                  1+e⁻ˣ
        """,
    ),
    "tanh": (
        r"\tanh x=\frac{e^x-e^{-x}}{e^x+e^{-x}}",
        "tanh x=(eˣ-e⁻ˣ)/(eˣ+e⁻ˣ)",
        """
                    eˣ-e⁻ˣ
            tanh x=╶──────╴
                    eˣ+e⁻ˣ
        """,
    ),
    "GELU": (
        r"0.5x\left(1+\tanh\left[\sqrt{2/\pi}\,(x+0.044715x^3)\right]\right)",
        "0.5x(1+tanh[√(2/π) (x+0.044715x³)])",
        """
                ⎛      ⎡ ┌───╴               ⎤⎞
            0.5x⎝1+tanh⎣╰┘2/π  (x+0.044715x³)⎦⎠
        """,
    ),
    "F1": (
        r"F_1=\frac{2PR}{P+R}",
        "F₁=2PR/(P+R)",
        """
                2PR
            F₁=╶───╴
                P+R
        """,
    ),
    "Bayes": (
        r"P(A|B)=\frac{P(B|A)P(A)}{P(B)}",
        "P(A|B)=(P(B|A)P(A))/P(B)",
        """
                    P(B|A)P(A)
            P(A|B)=╶──────────╴
                       P(B)
        """,
    ),
    "cosine similarity": (
        r"\cos\theta=\frac{a\cdot b}{\|a\|\,\|b\|}",
        "cos θ=(a⋅b)/(∥a∥ ∥b∥)",
        """
                     a⋅b
            cos θ=╶───────╴
                   ∥a∥ ∥b∥
        """,
    ),
    "maximum likelihood": (
        r"\hat\theta=\arg\max_\theta\prod_i p(x_i\mid\theta)",
        "θ̂=arg max_θ ∏ᵢp(xᵢ∣θ)",
        """
                      ┰─┰
            θ̂=arg max ┃ ┃p(xᵢ∣θ)
                     ᶿ┸ ┸
                       ⁱ
        """,
    ),
    "integral": (
        r"H(p)=-\int p(x)\log p(x)\,dx",
        "H(p)=-∫p(x) log p(x) dx",
        """
                  ⌠
            H(p)=-│p(x) log p(x) dx
                  ⌡
        """,
    ),
    "limit": (
        r"\lim_{n\to\infty}\left(1+\frac1n\right)^n=e",
        "lim_(n→∞)(1+1/n)ⁿ=e",
        """
               ⎛   1 ⎞ⁿ
            lim⎜1+╶─╴⎟ =e
            n→∞⎝   n ⎠
        """,
    ),
    "min max": (
        r"\underset{\theta}{\min}\,\max_\phi V(\theta,\phi)",
        "min_θ max_ϕ V(θ,ϕ)",
        """
            min  max V(θ,ϕ)
               ᶿ    ᶲ
        """,
    ),
    "recurrent step": (
        r"h_t=\tanh(W_{hh}h_{t-1}+W_{xh}x_t+b)",
        "hₜ=tanh(Wₕₕhₜ₋₁+Wₓₕxₜ+b)",
        """
            hₜ=tanh(Wₕₕhₜ₋₁+Wₓₕxₜ+b)
        """,
    ),
    "LSTM gate": (
        r"f_t=\sigma(W_f\cdot[h_{t-1},x_t]+b_f)",
        "fₜ=σ(W_f⋅[hₜ₋₁,xₜ]+b_f)",
        """
            fₜ=σ(W ⋅[hₜ₋₁,xₜ]+b )
                  ᶠ            ᶠ
        """,
    ),
    "norm": (
        r"\|w\|_2=\sqrt{\sum_i w_i^2}",
        "∥w∥₂=√(∑ᵢwᵢ²)",
        """
                  ┌─────╴
                  │┰─╴ ₂
            ∥w∥₂= │▐╸ w
                  │┸─╴ ⁱ
                 ╰┘ ⁱ
        """,
    ),
    "expectation": (
        r"\mathbb{E}_{x\sim p}[f(x)]",
        "E_(x∼p)[f(x)]",
        """
            E   [f(x)]
             x∼p
        """,
    ),
    "shapes": (
        r"W^{(l)}\in\mathbb{R}^{n\times m}",
        "W⁽ˡ⁾∈ℝ^(n×m)",
        """
                  n×m
            W⁽ˡ⁾∈ℝ
        """,
    ),
    "complexity": (
        r"O(n\log n)",
        "O(n log n)",
        """
            O(n log n)
        """,
    ),
    "cube root": (
        r"\sqrt[3]{x}",
        "³√x",
        """
            ³√x̅
        """,
    ),
    "binomial": (
        r"\binom{n}{k}",
        "C(n, k)",
        """
            ⎛n⎞
            ⎜ ⎟
            ⎝k⎠
        """,
    ),
    "gradient step": (
        r"w\leftarrow w-\eta\nabla L(w)",
        "w←w-η∇L(w)",
        """
            w←w-η∇L(w)
        """,
    ),
    "evaluated at": (
        r"\left.\frac{dy}{dx}\right|_{x=0}",
        "dy/dx|ₓ₌₀",
        """
             dy ⎟
            ╶──╴⎟
             dx ⎟ₓ₌₀
        """,
    ),
    "angles": (
        r"\left\langle u,v\right\rangle",
        "⟨u,v⟩",
        """
            ⟨u,v⟩
        """,
    ),
    "substack": (
        r"\sum_{\substack{i<j\\i>0}}x_i",
        "∑_(i<j; i>0)xᵢ",
        """
            ┰─╴
            ▐╸ xᵢ
            ┸─╴
            i<j
            i>0
        """,
    ),
    "numbered": (
        r"y=Wx+b\tag{1}",
        "y=Wx+b (1)",
        """
            y=Wx+b  (1)
        """,
    ),
    "recall at k": (
        r"\text{Recall@}k=0.5",
        "Recall@k=0.5",
        """
            Recall@k=0.5
        """,
    ),
    "half of a square": (
        r"\frac12x^2",
        "1/2 x²",
        """
             1
            ╶─╴x²
             2
        """,
    ),
    "mixed number": (
        r"2\frac13",
        "2 1/3",
        """
              1
            2╶─╴
              3
        """,
    ),
    "Chinese fraction": (
        r"\text{准确率}=\frac{\text{预测对的样本}}{\text{全部样本}}",
        "准确率=预测对的样本/全部样本",
        """
                    预测对的样本
            准确率=╶────────────╴
                      全部样本
        """,
    ),
    "Chinese over Latin": (
        r"\frac{\text{真正例 TP}}{n_{\text{正}}}",
        "(真正例 TP)/n_正",
        """
             真正例 TP
            ╶─────────╴
                n
                 正
        """,
    ),
    "Chinese in cases": (
        r"y=\begin{cases}1 & \text{若 }x>0\\0 & \text{否则}\end{cases}",
        "y={1, 若 x>0; 0, 否则}",
        """
              ⎧1  若 x>0
            y=⎩0  否则
        """,
    ),
    "Chinese punctuation": (
        r"\text{宽，高}→2",
        "宽，高→2",
        """
            宽，高→2
        """,
    ),
    "Chinese after a command": (
        r"\times宽",
        "×宽",
        """
            ×宽
        """,
    ),
}
FAULTS = {
    r"\boxed{x}": r"$\boxed{x}$ uses \boxed, which cannot be drawn",
    r"\foo+?": r"$\foo+?$ uses \foo, which cannot be drawn",
    r"\color{red}{x}": r"$\color{red}{x}$ uses \color, which cannot be drawn",
    r"\begin{tikzpicture}a\end{tikzpicture}": (
        r"$\begin{tikzpicture}a\end{tikzpicture}$ uses \begin{tikzpicture}, which cannot be drawn"
    ),
    r"\frac{a}{b": r"$\frac{a}{b$ cannot be read: a { is not closed",
    r"\text{a": r"$\text{a$ cannot be read: a { is not closed",
    "a}": "$a}$ cannot be read: there is a } too many",
    "x^": "$x^$ cannot be read: something is missing at its end",
    r"\frac{a}": r"$\frac{a}$ cannot be read: something is missing at its end",
    r"\hat": r"$\hat$ cannot be read: something is missing at its end",
    "a\\": "$a\\$ cannot be read: it ends in a backslash",
    r"\left(a": r"$\left(a$ cannot be read: a \left has no \right",
    r"a\right)": r"$a\right)$ cannot be read: a \right has no \left",
    r"\left/a\right.": r"$\left/a\right.$ cannot be drawn: \left and \right do not know /",
    r"\begin{cases}a": r"$\begin{cases}a$ cannot be read: a \begin has no \end",
    r"a\end{cases}": r"$a\end{cases}$ cannot be read: there is an \end too many",
    r"\begin{cases}a\end{aligned}": (
        r"$\begin{cases}a\end{aligned}$ cannot be read: \end{aligned} ends something else"
    ),
    r"\begin x": r"$\begin x$ cannot be read: \begin and \end are followed by a name in braces",
    r"{\begin{matrix}a\end{matrix}}": (
        r"${\begin{matrix}a\end{matrix}}$ cannot be read: "
        r"\begin stands inside of braces or \left and \right; use cases or pmatrix"
    ),
    r"\begin{array}{x}a\end{array}": (
        r"$\begin{array}{x}a\end{array}$ cannot be drawn: the columns of an array are l, c and r"
    ),
    "a & b": r"$a & b$ cannot be read: & stands outside of \begin and \end",
    r"{a\\b}": r"${a\\b}$ cannot be read: \\ stands inside of braces",
    "x^a^b": "$x^a^b$ cannot be drawn: two exponents or two indices stand in a row",
    "x_a_b": "$x_a_b$ cannot be drawn: two exponents or two indices stand in a row",
    "\\frac{e\u0301}{ab}": "$\\frac{e\u0301}{ab}$ is drawn with a ragged edge",
}


@pytest.mark.parametrize(("latex", "_", "drawing"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_drawn(latex: str, _: str, drawing: str) -> None:
    assert "\n".join(row.rstrip() for row in block(latex)) == dedent(drawing).strip("\n").rstrip()


@pytest.mark.parametrize(("latex", "expected", "_"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_written_on_one_line(latex: str, expected: str, _: str) -> None:
    assert line(latex) == expected


@pytest.mark.parametrize("latex", [latex for latex, _, _ in FORMULAS.values()], ids=FORMULAS)
def test_all_rows_of_a_drawing_are_equally_wide(latex: str) -> None:
    rows = block(latex)
    assert len({width(row) for row in rows}) == 1
    assert any(row[:1].strip() for row in rows)  # no empty column at the left


@pytest.mark.parametrize("latex", FAULTS)
def test_a_formula_that_cannot_be_drawn_says_why(latex: str) -> None:
    with pytest.raises(FormulaError) as caught:
        block(latex)
    assert str(caught.value) == FAULTS[latex]


@pytest.mark.parametrize("latex", [latex for latex in FAULTS if "\u0301" not in latex])
def test_one_line_refuses_what_a_drawing_refuses(latex: str) -> None:
    """All but the columns of an array and a ragged edge, which a line does not have."""
    if "array" in latex:
        assert line(latex) == "[a]"
        return
    with pytest.raises(FormulaError) as caught:
        line(latex)
    assert str(caught.value) == FAULTS[latex]


@pytest.mark.parametrize("latex", ["", " ", "\n"])
def test_an_empty_formula_is_empty(latex: str) -> None:
    assert block(latex) == ("",)
    assert line(latex) == ""


def test_a_long_formula_is_cut_in_its_error() -> None:
    with pytest.raises(FormulaError) as caught:
        block("x+" * 100 + r"\foo")
    assert str(caught.value) == f"${('x+' * 100)[:39]}…$ uses \\foo, which cannot be drawn"


def test_a_formula_nested_without_end_is_refused_and_not_a_crash() -> None:
    deep = r"\sqrt" * 5000 + " x"
    with pytest.raises(FormulaError, match="is nested too deep"):
        line(deep)


@pytest.mark.parametrize("letter", ["𝔼", "𝒩", "𝐱"])
def test_letters_outside_the_basic_plane_are_drawn_as_plain_ones(letter: str) -> None:
    assert len(block(letter)[0].encode("utf-16-le")) == 2


def test_a_script_letter_is_drawn_plain() -> None:
    assert block(r"\mathcal{N}(0,1)") == ("N(0,1)",)


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("归一化", 6), ("x̂", 1), ("，", 2), ("", 0), ("α→β", 3)]
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


PIECES = r"""
    \frac \sqrt \hat \sum \log \left( \right) \left\{ \right. \begin{cases} \end{cases} & \\ { }
    ^ _ x 1 + \alpha \text{ 归 ， 😀 \max \, [ ] | \| \mathbb \binom \lim \foo ' - @ ?
"""
LATEX = st.lists(st.sampled_from(PIECES.split()), max_size=12).map(" ".join)


@given(LATEX)
@settings(max_examples=500, deadline=None)
def test_any_latex_is_drawn_or_refused_in_one_line(latex: str) -> None:
    for draw in (block, line):
        try:
            said = "".join(draw(latex))
        except FormulaError as error:
            said = str(error)
            assert "Expected" not in said
        assert PAD not in said
        assert "\n" not in said
